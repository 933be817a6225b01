"""How one run brings an index up to date: what is known, what is new, what is written.

`src.indexer` is the door to this room.
"""
