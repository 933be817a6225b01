"""Find the images most similar to a picture: search.py --index index1.csv --query photo.jpg"""

from src.commands import console
from src.commands.search import main

if __name__ == "__main__":
    console.run(main)
