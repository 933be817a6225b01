"""One module a command: it reads the command line, calls one function, prints, and returns the exit code.

`index.py` and `search.py` at the top are the doors to this room.
"""
