"""The same as image-similarity, wherever the package is: python -m image_similarity, in a clone python -m src."""

from . import console
from .commands.program import main

if __name__ == "__main__":
    with console.named(f"python -m {__package__}"):
        console.run(main)
