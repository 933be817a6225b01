"""How an answer looks: the result picture, its layout, letters and colours, and whether a window can show it.

`src.viewer` is the door to this room, and `src.duplicatepicture` to contact sheets of duplicates and their differences.
"""
