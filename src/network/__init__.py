"""What networks are made of: their weights, ONNX files of these, runtimes, and how a picture is put before them.

`src.networks` is the door to this room.
"""
