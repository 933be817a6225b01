"""The page whose tables are computed."""

import re
from pathlib import Path

from .tables import TABLES, markdown

PAGE = Path(__file__).parents[2] / "scale.md"


def renewed(text: str) -> str:
    """Return the page with its tables as they are now; ValueError if the place of one is missing."""
    for name in TABLES:
        begin, end = f"<!-- computed: {name} -->\n", "<!-- end -->"
        place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"no place for the table {name!r}")
        table = f"{begin}\n{markdown(name)}\n\n{end}"
        text = place.sub(lambda _, table=table: table, text)  # type: ignore[misc]
    return text
