"""Joins: what belongs to what, by code, name and reference."""
