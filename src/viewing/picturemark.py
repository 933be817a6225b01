"""Step 4, search: the mark by which a result picture is known as ours, in every format that it is written in.

The mark is a comment, as each format has it. It ends in a checksum of the file around it. So a file that another
program has written anew is no longer ours, even if that program has kept the comment.
"""

import io
import os
import stat
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

MARK = b"Image Similarity result picture, check "
UNSEALED = MARK + b"00000000"

# Tags of TIFF; the first, the program that has made a picture, is one of Exif too.
SOFTWARE, PREDICTOR = 305, 317

# The mark stands near one of the two ends.
END_BYTES = 4096


def marked_by_hand(encoded: bytes, ending: str) -> bytes:
    """Return a JPEG, PNG or BMP, encoded by OpenCV, with the mark in it; `ending` is that of a file's name."""
    if ending == ".png":
        head = 33  # the signature, and the chunk IHDR, which comes first
        text = b"tEXtSoftware\0" + UNSEALED
        length, check = (len(text) - 4).to_bytes(4, "big"), bytes(4)
        sealed = _sealed(encoded[:head] + length + text + check + encoded[head:])
        end = head + 4 + len(text)
        return sealed[:end] + zlib.crc32(sealed[head + 4 : end]).to_bytes(4, "big") + sealed[end + 4 :]
    if ending == ".bmp":
        # It has no comments. What lies behind the pixels is part of the file if its length, in the header, says so.
        length = (len(encoded) + len(UNSEALED)).to_bytes(4, "little")
        return _sealed(encoded[:2] + length + encoded[6:] + UNSEALED)
    # A JPEG: the comment stands behind the JFIF header, which comes first.
    head = 4 + int.from_bytes(encoded[4:6], "big")
    return _sealed(encoded[:head] + b"\xff\xfe" + (len(UNSEALED) + 2).to_bytes(2, "big") + UNSEALED + encoded[head:])


def marked_by_pillow(picture: NDArray[np.uint8], ending: str) -> bytes:
    """Return a picture, blue first, as a WebP or TIFF with the mark in it; ValueError if the format cannot hold it."""
    # Imported here, as it takes time that other formats need not spend.
    from PIL import Image

    image, file, software = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)), io.BytesIO(), UNSEALED.decode()
    if ending == ".webp":
        exif = Image.Exif()
        exif[SOFTWARE] = software
        image.save(file, "WEBP", lossless=True, quality=70, exif=exif)
    else:
        # Small differences of neighbours (a predictor of 2) take less room.
        image.save(file, "TIFF", compression="tiff_lzw", tiffinfo={SOFTWARE: software, PREDICTOR: 2})
    return _sealed(file.getvalue())


def is_result_picture(path: str) -> bool:
    """Tell whether a file is a result picture as it was written, and not changed since.

    False for whatever else may be there, and for what cannot be read.
    """
    try:
        # Opening a pipe would wait for a writer.
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, "rb") as file:
            ends = file.read(END_BYTES)
            file.seek(max(os.fstat(file.fileno()).st_size - END_BYTES, 0))
            if MARK not in ends and MARK not in file.read():
                return False
            file.seek(0)
            data = file.read()
    except (OSError, ValueError):
        return False
    at = data.find(MARK) + len(MARK)
    return data[at : at + 8] == _checksum(data, at)


def _sealed(marked: bytes) -> bytes:
    at = marked.index(UNSEALED) + len(MARK)
    return marked[:at] + _checksum(marked, at) + marked[at + 8 :]


def _checksum(data: bytes, at: int) -> bytes:
    """Return the checksum of all but the 8 digits that it is written in, and 4 bytes: in a PNG, those depend on it."""
    return b"%08x" % zlib.crc32(data[at + 12 :], zlib.crc32(data[:at]))
