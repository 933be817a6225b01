"""What networks are made of: their weights, ONNX files of these, runtimes, and how a picture is put before them.

`src.deepdescriptor` is the door to this room, and `src.modeldescriptor`, for a network of the user, is another.
"""
