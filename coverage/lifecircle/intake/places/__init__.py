"""Places: datums, projections, shapes."""
