"""The programs that draw what the project shows: the sample catalogue, the figures and the rooms."""
