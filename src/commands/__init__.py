"""One module a command: it reads the command line, calls one function, prints, and returns the exit code.

`index.py` and `search.py` at the top are doors to this room; `program` is the door to all of it under one name.
"""
