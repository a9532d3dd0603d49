"""Measures of residential areas."""
