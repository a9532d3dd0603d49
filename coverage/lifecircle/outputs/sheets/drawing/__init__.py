"""Drawing a sheet: the map, what stands on it, and what stands around it."""
