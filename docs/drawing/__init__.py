"""The programs that draw what the project shows: the sample catalogue and the figures."""
