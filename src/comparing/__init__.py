"""How rows are laid out to be compared by a distance, and the lower bounds of that distance.

`src.distance` is the door to this room.
"""
