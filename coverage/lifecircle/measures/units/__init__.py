"""Measures of administrative units."""
