"""What the workers of a Dask cluster are asked to do, and how: behind `src.daskcluster`, which alone is imported."""
