"""The tables of docs/scale.md: what an index of many millions of pictures takes, computed from what was measured.

`python -m docs.drawing.scale` writes them into the page; a test compares them. Other figures than these, such as your
own prices, go into `figures.py`.
"""
