"""What the project's documents are made from, and the programs that draw it."""
