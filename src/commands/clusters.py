"""The option --cluster: connect to a Dask cluster, if what that takes is installed."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from ..errors import ExpectedError

if TYPE_CHECKING:
    from ..daskcluster import Cluster

# What the extra brings, as it is imported.
EXTRA = {"dask", "distributed", "fsspec"}


def connected(address: str, threads: int | None = None) -> "AbstractContextManager[Cluster]":
    """Connect to a cluster; for parameters see `daskcluster.connect`.

    Raises
    ------
    ExpectedError
        If Dask is not installed; what `connect` raises comes when the context is entered.
    """
    check_installed()
    from ..daskcluster import connect

    return connect(address, threads)


def check_installed() -> None:
    """Raise ExpectedError, with how to install it, if Dask is not installed."""
    try:
        # By its own name: as one of the package, it would be taken for loaded where it once was.
        from ..daskcluster import connect  # noqa: F401
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        how = "pip install -r requirements-cluster.txt, or the extra cluster of the package"
        raise ExpectedError(f"a cluster needs {error.name}: {how}") from None
