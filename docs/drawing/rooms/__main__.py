"""Draw docs/rooms.svg."""

from __future__ import annotations

import argparse
import sys
from graphlib import CycleError

from docs.drawing.rooms import COMMAND, PICTURE, draw_rooms, is_drawn
from docs.drawing.rooms.imports import ROOT


def main() -> int:
    """Draw the picture, or check it; return the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Draw the rooms of the project from its imports.")
    parser.add_argument(
        "--check", action="store_true", help="draw nothing; exit with 1 if the picture is not up to date"
    )
    name = PICTURE.relative_to(ROOT).as_posix()
    check = parser.parse_args().check
    try:
        if check and not is_drawn():
            print(f"{name} does not show the rooms as they are; draw it: {COMMAND}", file=sys.stderr)
            return 1
        if check:
            return 0
        PICTURE.write_text(draw_rooms(), encoding="utf-8", newline="\n")
    except CycleError as error:
        print(f"rooms import each other in a circle: {' <- '.join(error.args[1])}", file=sys.stderr)
        return 1
    print(f"{name}: {PICTURE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
