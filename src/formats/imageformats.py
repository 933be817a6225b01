"""The format of a file, told from its first bytes; what no decoder here reads is named in words."""

import re

from ..errors import EMPTY, NOT_AN_IMAGE, TRUNCATED, UNSUPPORTED, UnreadableImage

PNG = b"\x89PNG\r\n\x1a\n"
JPEG2000_CODESTREAM = b"\xff\x4f\xff\x51"

# Picture formats and their signatures. Names are Pillow's where Pillow decodes.
_PICTURES: dict[str, tuple[bytes, ...]] = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (PNG,),
    "GIF": (b"GIF87a", b"GIF89a"),
    "JPEG2000": (b"\0\0\0\x0cjP  \r\n\x87\n", JPEG2000_CODESTREAM),
    "HDR": (b"#?RADIANCE", b"#?RGBE"),
    "PSD": (b"8BPS\0\x01",),
    "ICO": (b"\0\0\x01\0",),
    "ICNS": (b"icns",),
    "QOI": (b"qoif",),
    "DDS": (b"DDS ",),
    "SGI": (b"\x01\xda\0\x01", b"\x01\xda\x01\x01"),
    "SUN": (b"\x59\xa6\x6a\x95",),
    "DCX": (b"\xb1\x68\xde\x3a",),
    "MSP": (b"DanM", b"LinS"),
    "BLP": (b"BLP1", b"BLP2"),
    "XPM": (b"/* XPM */",),
}
# Files that begin like a picture or like nothing in particular, by (place, signatures): (kind, words).
_FOREIGN: tuple[tuple[int, bytes | tuple[bytes, ...], str, str], ...] = (
    (0, b"\xff\x0a", UNSUPPORTED, "a JPEG XL picture, which the decoders here cannot read"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", UNSUPPORTED, "a JPEG XL picture, which the decoders here cannot read"),
    (0, b"II\xbc\x01", UNSUPPORTED, "a JPEG XR picture, which the decoders here cannot read"),
    (0, b"v/1\x01", UNSUPPORTED, "an OpenEXR picture, which the decoders here cannot read"),
    (0, b"FLIF", UNSUPPORTED, "a FLIF picture, which the decoders here cannot read"),
    (0, b"BPG\xfb", UNSUPPORTED, "a BPG picture, which the decoders here cannot read"),
    (0, b"SIMPLE  =", UNSUPPORTED, "a FITS file, whose samples have no known range of brightness"),
    (128, b"DICM", UNSUPPORTED, "a DICOM file, which the decoders here cannot read"),
    (0, b"8BPS\0\x02", UNSUPPORTED, "a large Photoshop document (PSB), which the decoders here cannot read"),
    (0, b"gimp xcf", UNSUPPORTED, "a GIMP document: export it as PNG or JPEG first"),
    (0, (b"%!PS", b"\xc5\xd0\xd3\xc6"), UNSUPPORTED, "a PostScript drawing, not pixels"),
    (0, b"\xd7\xcd\xc6\x9a", UNSUPPORTED, "a Windows metafile, not pixels"),
    (40, b" EMF", UNSUPPORTED, "a Windows metafile, not pixels"),
    (0, b"II\x1a\0\0\0HEAPCCDR", UNSUPPORTED, "a camera's raw file (CRW)"),
    (0, (b"IIRO", b"IIRS", b"MMOR"), UNSUPPORTED, "a camera's raw file (ORF)"),
    (0, b"IIU\0", UNSUPPORTED, "a camera's raw file (RW2)"),
    (8, b"CR\x02", UNSUPPORTED, "a camera's raw file (CR2)"),
    (0, b"FUJIFILMCCD-RAW", UNSUPPORTED, "a camera's raw file (RAF)"),
    (0, b"\0MRM", UNSUPPORTED, "a camera's raw file (MRW)"),
    (0, b"FOVb", UNSUPPORTED, "a camera's raw file (X3F)"),
    (0, b"%PDF", NOT_AN_IMAGE, "a PDF document, not a picture"),
    (0, b"PK\x03\x04", NOT_AN_IMAGE, "a ZIP archive or office document, not a picture"),
    (0, b"PK\x05\x06", NOT_AN_IMAGE, "an empty ZIP archive, not a picture"),
    (0, b"\x1f\x8b", NOT_AN_IMAGE, "a gzip archive, not a picture"),
    (0, b"BZh", NOT_AN_IMAGE, "a bzip2 archive, not a picture"),
    (0, b"\xfd7zXZ\0", NOT_AN_IMAGE, "an xz archive, not a picture"),
    (0, b"7z\xbc\xaf\x27\x1c", NOT_AN_IMAGE, "a 7-Zip archive, not a picture"),
    (0, b"Rar!", NOT_AN_IMAGE, "a RAR archive, not a picture"),
    (257, b"ustar", NOT_AN_IMAGE, "a tar archive, not a picture"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NOT_AN_IMAGE, "an old office document or Thumbs.db, not a picture"),
    (0, b"\x1aE\xdf\xa3", NOT_AN_IMAGE, "a film (Matroska), not a picture"),
    (0, (b"\0\0\x01\xba", b"\0\0\x01\xb3"), NOT_AN_IMAGE, "a film (MPEG), not a picture"),
    (0, b"FLV\x01", NOT_AN_IMAGE, "a film (Flash), not a picture"),
    (0, b"0&\xb2u\x8ef\xcf\x11", NOT_AN_IMAGE, "a film or sound (ASF), not a picture"),
    (0, b"OggS", NOT_AN_IMAGE, "sound or film (Ogg), not a picture"),
    (0, b"fLaC", NOT_AN_IMAGE, "sound (FLAC), not a picture"),
    (0, b"ID3", NOT_AN_IMAGE, "sound (MP3), not a picture"),
    (0, b"MThd", NOT_AN_IMAGE, "music (MIDI), not a picture"),
    (0, b"SQLite format 3\0", NOT_AN_IMAGE, "a database, not a picture"),
    (0, (b"\x7fELF", b"MZ"), NOT_AN_IMAGE, "a program, not a picture"),
)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]")
_XBM = re.compile(rb"\s*(?:/\*.{0,512}?\*/\s*)?#define\s+\S+_width\s+\d+", re.DOTALL)
_WBMP_HEADER = re.compile(rb"\0\0([\x80-\xff]*[\0-\x7f])([\x80-\xff]*[\0-\x7f])")
_TEXT = re.compile(rb"[\t\n\v\f\r\x1b\x20-\x7e\x80-\xff]*")


def name_format(data: bytes) -> str:
    """Name the format of a picture from its content.

    Parameters
    ----------
    data : bytes
        The file, or at least its first 64 KiB.

    Raises
    ------
    UnreadableImage
        If it is no picture, or one that no decoder here reads; the reason names what it is.
    """
    if not data:
        raise UnreadableImage(EMPTY, "an empty file")
    # Camera files first: some begin like a TIFF.
    for place, signature, kind, words in _FOREIGN:
        if data.startswith(signature, place):
            raise UnreadableImage(kind, words)
    name = _name_by_signature(data) or _name_by_structure(data)
    if name is None:
        raise _explain(data)
    return name


def _name_by_signature(data: bytes) -> str | None:
    for name, signatures in _PICTURES.items():
        if data.startswith(signatures):
            return name
    if data.startswith(_TIFF):
        return "TIFF"
    if data.startswith(b"RIFF") and len(data) >= 12:
        return _name_riff(data[8:12])
    if data[4:8] == b"ftyp":
        return _name_iso_media(data)
    return None


def _name_riff(form: bytes) -> str:
    if form == b"WEBP":
        return "WEBP"
    words = {b"AVI ": "a film (AVI)", b"WAVE": "sound (WAV)"}.get(form, "a RIFF file")
    raise UnreadableImage(NOT_AN_IMAGE, f"{words}, not a picture")


def _name_iso_media(data: bytes) -> str:
    size = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, min(size, 256, len(data)), 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if b"crx " in brands:
        raise UnreadableImage(UNSUPPORTED, "a camera's raw file (CR3)")
    if brands & _HEIF_BRANDS:
        return "HEIF"
    raise UnreadableImage(NOT_AN_IMAGE, "a film or sound (MP4, QuickTime), not a picture")


def _name_by_structure(data: bytes) -> str | None:
    """Name formats whose signature is too short to be believed alone."""
    if data.startswith(b"BM") and len(data) >= 18 and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3] in b" \t\n\r":
        return "PPM"
    if data[:1] == b"P" and data[1:2] in b"Ff" and data[2:3] in b" \t\n\r":
        return "PFM"
    if data.startswith(b"P7\n"):
        return "PAM"
    if data[:1] == b"\x0a" and len(data) > 128 and data[1] in (0, 2, 3, 5) and data[2] == 1 and data[3] in (1, 2, 4, 8):
        return "PCX"
    if data.startswith(b"\0\0\x02\0") and data[4:6] not in (b"", b"\0\0"):
        # With a count of 0 it would be a cursor file without cursors; a TGA picture begins that way.
        return "CUR"
    if data[4:6] in (b"\x11\xaf", b"\x12\xaf") and len(data) > 128:
        return "FLI"
    if _XBM.match(data):
        return "XBM"
    if read_wbmp_size(data):
        return "WBMP"
    return "TGA" if _looks_like_tga(data) else None


def _looks_like_tga(data: bytes) -> bool:
    """Tell a TGA, which has no signature: every field of its header must make sense."""
    if len(data) < 18:
        return False
    colour_map, kind, depth, flags = data[1], data[2], data[16], data[17]
    width, height = int.from_bytes(data[12:14], "little"), int.from_bytes(data[14:16], "little")
    if not width or not height or flags & 0xC0 or colour_map > 1:
        return False
    if kind in (1, 9):
        return colour_map == 1 and depth == 8 and data[7] in (15, 16, 24, 32)
    if kind in (2, 10):
        return depth in (15, 16, 24, 32)
    return kind in (3, 11) and depth in (1, 8, 16)


def read_wbmp_size(data: bytes) -> tuple[int, int, int] | None:
    """Return width, height and start of the samples if this is a WBMP: it has no signature, but an exact length."""
    match = _WBMP_HEADER.match(data, 0, 16)
    if match is None:
        return None
    # Numbers of seven bits a byte, the highest first.
    width, height = (int("".join(f"{byte & 0x7F:07b}" for byte in number), 2) for number in match.groups())
    is_exact = width > 0 and height > 0 and match.end() + (width + 7) // 8 * height == len(data)
    return (width, height, match.end()) if is_exact else None


def _explain(data: bytes) -> UnreadableImage:
    """Return the error for what is not a picture."""
    head = data[:4096]
    if _SVG.search(head):
        return UnreadableImage(UNSUPPORTED, "an SVG drawing, not pixels")
    if len(data) < 16 and any(each.startswith(data) for signatures in _PICTURES.values() for each in signatures):
        return UnreadableImage(TRUNCATED, "only the first bytes of a picture")
    words = "not a picture in any format known here"
    if not head.strip(b"\0"):
        words = "nothing but zeros, as after a disk error"
    elif _TEXT.fullmatch(head):
        words = "a web page, not a picture" if b"<html" in head.lower() else "text, not a picture"
    return UnreadableImage(NOT_AN_IMAGE, words)
