"""The study file: its closed keys and its paths."""
