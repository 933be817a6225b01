"""How spares go: what is checked just before a file is touched, the ways to get rid of one, the log and its undoing.

`src.spares` is the door to this room.
"""
