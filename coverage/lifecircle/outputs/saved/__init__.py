"""Saved results: JSON, GeoPackage and PostGIS, written and read back."""
