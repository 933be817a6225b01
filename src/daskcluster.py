"""Beyond one machine: the workers of a Dask cluster describe, write shards and search.

Dask schedules, moves data and tries again. Here is only what its workers are asked to do, and how they are asked.
"""

from .cluster.connection import LOCAL, Cluster, connect

__all__ = ["LOCAL", "Cluster", "connect"]
