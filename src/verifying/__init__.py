"""How two sets of local features are found to show the very same thing, by the geometry of their matches.

`src.verification` is the door to this room.
"""
