"""How rankings are judged, and what is said of them.

`src.evaluator` is the door to this room.
"""
