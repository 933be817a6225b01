"""The same as image-similarity, wherever the package is: python -m image_similarity.commands, or src.commands."""

from . import console
from .program import main

if __name__ == "__main__":
    with console.named(f"python -m {__package__}"):
        console.run(main)
