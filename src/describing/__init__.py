"""The process that describes pictures and may die, and the messages to and from it.

`src.describer` is the door to this room.
"""
