"""What is special about each picture format: how to know it, what its header says, and whom to let decode it.

`src.imagereader` is the one door to this room.
"""
