"""What the project's documents are made from: the script that draws the sample catalogue."""
