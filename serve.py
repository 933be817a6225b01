"""Serve an index over HTTP: serve.py --index index1.csv"""

import os
import sys

# Python may be told not to look for modules beside a program: -I, -P, PYTHONSAFEPATH.
if (folder := os.path.dirname(os.path.realpath(__file__))) not in sys.path:
    sys.path.insert(0, folder)

from src.commands import console  # noqa: E402
from src.commands.serve import main  # noqa: E402

if __name__ == "__main__":
    console.run(main)
