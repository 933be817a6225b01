"""The service: what whoever starts it decides."""

from dataclasses import dataclass

# Photos of phones are of 3 to 12 MB.
MOST_UPLOAD_BYTES = 20_000_000
# Each byte is held up to four times on its way to the process that decodes it.
MOST_BYTES_OF_UPLOADS = 100_000_000
# Twice what most phones take; decoding holds 12 bytes a pixel.
MOST_MEGAPIXELS = 50.0
# What index.py lets in if it is not told otherwise.
MOST_MEGAPIXELS_OF_INDEX = 100.0


@dataclass(frozen=True)
class Settings:
    """What a service serves, to whom, and within which limits."""

    index: str
    """The CSV, or the folder of an index of shards."""
    result_path: str | None = None
    """The folder of the images; None for where they were indexed."""
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    """Names under which it may be asked, beside its own address and localhost."""
    allowed_origins: tuple[str, ...] = ()
    """Origins of pages of others that may ask it."""
    token: str | None = None
    """What a request must bear, if anything."""
    duplicates: str | None = None
    """A file that `duplicates.py --json` has written."""
    ignore: str | None = None
    """A file of pairs that are no duplicates, as `duplicates.py --ignore` has it; for groups that no file tells."""
    model: str | None = None
    """The network, as ONNX, that the index is of."""
    cluster: str | None = None
    """The Dask cluster that searches, if not this process; as of `daskcluster.connect`."""
    most_searches: int = 32
    """At once; further ones are told to come again."""
    most_upload_bytes: int = MOST_UPLOAD_BYTES
    most_bytes_of_uploads: int = MOST_BYTES_OF_UPLOADS
    """That all uploads may hold in memory at the same time."""
    max_megapixels: float = MOST_MEGAPIXELS
    """Of a picture that is sent."""
    upload_seconds: float = 30.0
    """In which an upload must be whole, and longer for as long as it comes faster than the slowest."""
    slowest_upload: float = 50_000.0
    """Bytes a second."""
    head_seconds: float = 10.0
    """In which the head of a request must be whole, and after which a connection that is not used ends."""
    stuck_seconds: float = 30.0
    """After which a connection ends whose client takes nothing of what it is sent."""
    refused_seconds: float = 3.0
    """For which what a refused request still sends is taken, so that its client reads why."""

    @property
    def max_megapixels_of_index(self) -> float:
        """Of a picture of the index: JPEGs are read reduced, and of others memory decides."""
        return max(self.max_megapixels, MOST_MEGAPIXELS_OF_INDEX)
