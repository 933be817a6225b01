"""Content-based image retrieval in four steps: describe, index, compare, search.

==================== ======== =============================================
module               step     holds
==================== ======== =============================================
colordescriptor      describe ColorDescriptor: a picture becomes 1440 numbers
indexer, indexwriter index    a folder becomes an index, and the index a file
distance             compare  the chi-squared distance of two descriptions
searcher             search   Searcher: the nearest images of an index
==================== ======== =============================================
"""

import os

# The one place of the version: the package and --version read it here.
__version__ = "0.1.0"

# OpenCV reads these two when it is imported, so they are set before any module of this package can import it.
# A picture's header is checked before it is decoded (see imagereader); this is the second lock on the same door,
# for a header that lies: no decoder of OpenCV's allocates more than 2**28 pixels (0.8 GB) unless the user says so.
OPENCV_PIXELS = 2**28
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(OPENCV_PIXELS))
# OpenCV's own log lines quote raw file names, terminal escapes included.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
