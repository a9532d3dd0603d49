"""Measures of the county as a whole."""
