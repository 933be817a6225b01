"""The README's figures: how the program describes, indexes and searches, and what it finds.

`python -m docs.drawing.figures` draws them anew into images/, from the pictures in data/ and queries/ and with the
numbers that the program itself computes. The same pictures and library versions give the same bytes every time.
"""
