"""What the colour descriptor is made of: the five regions of a picture, and their histograms.

`src.colordescriptor` is the door to this room.
"""
