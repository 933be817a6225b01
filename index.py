"""Describe every image of a folder into an index: index.py --dataset data --index index1.csv"""

from src.commands import console
from src.commands.index import main

if __name__ == "__main__":
    console.run(main)
