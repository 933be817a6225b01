"""How duplicates are found: candidates by codes, a second look at each, groups of those that are copies of each other.

`src.duplicatefinder` is the door to this room.
"""
