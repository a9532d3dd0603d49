"""Positions: datums, projections, shapes."""
