"""The folder of a user's own cache: what lies there was made by this program, and can be made again."""

import os
import sys


def usual_cache() -> str:
    """Return the folder in which this program keeps what can be made again, unless another one is named."""
    if sys.platform == "win32":
        above = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    else:
        above = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(above, "image-similarity")
