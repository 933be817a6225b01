"""Stretches of a JPEG that a disk error has turned into zeros, which libjpeg decodes without complaint."""

from ..errors import UnreadableImage
from .jpegheader import DHT, EOI, PROGRESSIVE, SOS, JpegHeader, find_scan_end, next_segment

_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
# A lost disk sector reads as zeros; entropy-coded data holds hardly more than a few in a row (see is_blanked).
_ZEROS = bytes(64)


def is_blanked(data: bytes, header: JpegHeader) -> bool:
    """Return whether a run of zeros in a scan cannot be picture data.

    libjpeg decodes zeros without complaint: a recovered photo with a lost sector would silently be half grey. What
    zeros mean is up to the scan's Huffman tables: the first symbol of a table has the all-zero code. Many zeros in a
    row are sound only if that symbol ends a block, as it may in a flat picture.
    """
    if header.frame not in _HUFFMAN or data.find(_ZEROS, header.scan) < 0:
        return False
    first_symbols: dict[int, int] = {}
    position = 2
    while True:
        try:
            marker, start, end = next_segment(data, position)
        except UnreadableImage:
            return False
        if marker == EOI:
            return False
        if marker == DHT:
            first_symbols.update(_first_symbols(data[start:end]))
        elif marker == SOS:
            scan_end = find_scan_end(data, end)
            if data.find(_ZEROS, end, scan_end) >= 0 and not _zeros_are_sound(data[start:end], header, first_symbols):
                return True
            end = scan_end
        position = end


def _first_symbols(tables: bytes) -> dict[int, int]:
    """Map each Huffman table of a DHT segment (class and number in one byte) to its first symbol."""
    symbols = {}
    position = 0
    while position + 17 < len(tables):
        symbols[tables[position]] = tables[position + 17]
        position += 17 + sum(tables[position + 1 : position + 17])
    return symbols


def _zeros_are_sound(scan: bytes, header: JpegHeader, first_symbols: dict[int, int]) -> bool:
    count = scan[0] if scan else 0
    if len(scan) < 4 + 2 * count:
        return True
    selectors = scan[2 : 2 + 2 * count : 2]
    spectral_start, approximation = scan[1 + 2 * count], scan[3 + 2 * count]
    if header.frame in PROGRESSIVE:
        # Scans of DC and refinement scans hold plain bits, which may be zeros. In others, zeros are sound if their
        # symbol is a run of finished blocks (its low half is 0).
        if spectral_start == 0 or approximation >> 4:
            return True
        symbol = first_symbols.get(0x10 | selectors[0] & 15, 0)
        return symbol & 15 == 0 and symbol != 0xF0
    return all(
        first_symbols.get(selector >> 4, 0) == 0 and first_symbols.get(0x10 | selector & 15, 0) == 0
        for selector in selectors
    )
