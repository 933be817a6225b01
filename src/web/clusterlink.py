"""The service: the connection to the cluster that searches, which may go away and come back."""

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..daskcluster import Cluster


class ClusterLink:
    """One connection at a time, made when it is asked for; any thread may ask.

    Parameters
    ----------
    address : str
        As of `daskcluster.connect`.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._cluster: Cluster | None = None

    @property
    def is_local(self) -> bool:
        """Whether the cluster is in this process."""
        from ..daskcluster import LOCAL

        return self._address == LOCAL

    def cluster(self) -> "Cluster":
        """Return the cluster, connected to now if need be; ExpectedError if it cannot be."""
        from ..daskcluster import connect

        with self._lock:
            if self._cluster is None:
                self._cluster = self._stack.enter_context(connect(self._address))
            return self._cluster

    def drop(self) -> None:
        """Close the connection: what waits for an answer fails, and who asks next gets a new one."""
        with self._lock:
            self._cluster = None
            self._stack.close()
