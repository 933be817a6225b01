"""The process that describes pictures and may die, and how one talks to it.

`src.describer` is the door to this room.
"""
