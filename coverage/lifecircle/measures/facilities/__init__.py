"""Measures of facilities."""
