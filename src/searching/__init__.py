"""How the nearest rows are found exactly though few are compared in full.

`src.searcher` is the door to this room.
"""
