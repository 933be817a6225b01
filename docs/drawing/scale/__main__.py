"""Write the tables of docs/scale.md anew."""

from docs.drawing.scale.page import PAGE, renewed

PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
