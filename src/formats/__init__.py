"""What is special about each picture format: how to know it, what its header says, and which decoder reads it.

`src.imagereader` is the one door to this room. Every reader is a function `read(data, limits)`; its docstring says what
is special about its format, and this holds for all:

Parameters
----------
data : bytes
    The whole file.
limits : Limits
    What is allowed. The size that the header declares is checked before anything is decoded.

Returns
-------
array (h, w, 3) of uint8
    BGR, upright, on a ground, in sRGB: colours of an embedded profile are converted.

Raises
------
UnreadableImage
    If the picture is too large, incomplete, damaged, or of a kind that the decoders lack.
"""
