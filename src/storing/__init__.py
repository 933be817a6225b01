"""How an index lies on the disk: the CSV, its cache, its journal and lock, and how all are written.

`src.indexfile` is the door to this room.
"""
