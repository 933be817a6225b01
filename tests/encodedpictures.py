"""Pictures encoded in every way the tests of reading need, all made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[Any]


def scene(height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """Make a smooth BGR picture without any symmetry, far from grey."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    blue = 40 + 150 * x / width
    green = 220 - 170 * y / height
    red = 60 + 90 * (x / width) * (y / height) + 80 * ((x - width / 4) ** 2 + (y - height / 4) ** 2 < (height / 6) ** 2)
    image: NDArray[np.uint8] = np.rint(np.dstack([blue, green, red])).astype(np.uint8)
    return image


def stored_for(image: Pixels, orientation: int) -> Pixels:
    """Turn an upright picture so that a viewer who obeys the EXIF orientation sees it upright again."""
    turned = {
        1: image,
        2: image[:, ::-1],
        3: image[::-1, ::-1],
        4: image[::-1],
        5: image.transpose(1, 0, 2),
        6: np.rot90(image, 1),
        7: image[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(image, -1),
    }[orientation]
    return np.ascontiguousarray(turned)


def difference(image: Pixels, other: Pixels) -> float:
    """Give the mean difference of two pictures of one size."""
    assert image.shape == other.shape
    return float(np.abs(image.astype(float) - other.astype(float)).mean())


def by_pillow(bgr: Pixels, name: str, mode: str | None = None, **options: Any) -> bytes:
    """Encode a grey, BGR or BGRA picture by Pillow, converted to a mode first."""
    order = [2, 1, 0, 3][: bgr.shape[2]] if bgr.ndim == 3 else None
    picture = Image.fromarray(np.ascontiguousarray(bgr if order is None else bgr[..., order]))
    file = io.BytesIO()
    (picture.convert(mode) if mode else picture).save(file, name, **options)
    return file.getvalue()


def by_opencv(image: Pixels, extension: str, *options: int) -> bytes:
    """Encode a picture by OpenCV."""
    return bytes(cv2.imencode(extension, image, options)[1])


def exif(orientation: int, order: str = "<") -> bytes:
    """Make the smallest EXIF block that holds an orientation, without the 'Exif' prefix."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


def pillow_exif(orientation: int) -> Image.Exif:
    """Make the same block as Pillow takes it."""
    block = Image.Exif()
    block[274] = orientation
    return block


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Frame a PNG chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_png_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """Put a chunk right behind the header of a PNG."""
    return png[:33] + png_chunk(kind, content) + png[33:]


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """Build a PNG of raw rows (each with its filter byte)."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)), *extra]
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def riff_chunk(kind: bytes, content: bytes) -> bytes:
    """Frame a RIFF chunk."""
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)


def webp_with_exif(webp: bytes, width: int, height: int, block: bytes) -> bytes:
    """Wrap a simple WebP into the extended layout with an EXIF chunk taken as it is."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = riff_chunk(b"VP8X", b"\x08\0\0\0" + size) + webp[12:] + riff_chunk(b"EXIF", block)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def tiff(
    samples: Pixels, photometric: int, *, order: Literal["<", ">"] = "<", planar: int = 1, tile: int = 0, **tags: int
) -> bytes:
    """Build an uncompressed TIFF of an array (h, w, channels), in one strip a plane or in square tiles.

    More SHORT tags are given as tNUMBER=value; values of a tag for every sample are repeated.
    """
    height, width, channels = samples.shape
    plain = samples.astype(samples.dtype.newbyteorder(order))
    planes = [plain] if planar == 1 else [plain[..., i : i + 1] for i in range(channels)]
    blocks = [block.tobytes() for plane in planes for block in (_tiles(plane, tile) if tile else [plane])]
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    fields: dict[int, list[int]] = {
        256: [width],
        257: [height],
        258: [8 * samples.itemsize] * channels,
        259: [1],
        262: [photometric],
        277: [channels],
        284: [planar],
        339: [kind] * channels,
        **{int(name[1:]): [value] for name, value in tags.items()},
    }
    fields.update({322: [tile], 323: [tile]} if tile else {278: [height]})
    offsets_tag, sizes_tag = (324, 325) if tile else (273, 279)
    data_start = 8
    offsets = [data_start + sum(map(len, blocks[:i])) for i in range(len(blocks))]
    fields.update({offsets_tag: offsets, sizes_tag: [len(block) for block in blocks]})
    body = b"".join(blocks) + b"\0" * (sum(map(len, blocks)) % 2)
    directory, extra = b"", b""
    start = data_start + len(body)
    end = start + 2 + 12 * len(fields) + 4
    for tag, values in sorted(fields.items()):
        long = tag in (offsets_tag, sizes_tag)
        packed = struct.pack(f"{order}{len(values)}{'I' if long else 'H'}", *values)
        if len(packed) > 4:
            field, extra = struct.pack(order + "I", end + len(extra)), extra + packed + b"\0" * (len(packed) % 2)
        else:
            field = packed.ljust(4, b"\0")
        directory += struct.pack(order + "HHI", tag, 4 if long else 3, len(values)) + field
    mark = b"II*\0" if order == "<" else b"MM\0*"
    count = struct.pack(order + "H", len(fields))
    return mark + struct.pack(order + "I", start) + body + count + directory + b"\0\0\0\0" + extra


def _tiles(plane: Pixels, size: int) -> list[Pixels]:
    height, width = plane.shape[:2]
    padded = np.pad(plane, ((0, -height % size), (0, -width % size), (0, 0)))
    rows, columns = range(0, padded.shape[0], size), range(0, padded.shape[1], size)
    return [padded[y : y + size, x : x + size] for y in rows for x in columns]


def bmp_of_fields(packed: Pixels, masks: tuple[int, ...], *, top_down: bool = False) -> bytes:
    """Build a BMP of bit fields from packed pixels (h, w) of uint16 or uint32; masks of red, green, blue (, alpha)."""
    height, width = packed.shape
    rows = packed if top_down else packed[::-1]
    row_bytes = (width * packed.itemsize + 3) // 4 * 4
    body = b"".join(row.tobytes().ljust(row_bytes, b"\0") for row in rows)
    size = 56 if len(masks) == 4 else 40
    header = struct.pack(
        "<IiiHHIIiiII", size, width, -height if top_down else height, 1, 8 * packed.itemsize, 3, 0, 0, 0, 0, 0
    )
    header += struct.pack(f"<{len(masks)}I", *masks)
    return b"BM" + struct.pack("<IHHI", 14 + len(header) + len(body), 0, 0, 14 + len(header)) + header + body
