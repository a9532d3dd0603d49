"""The street network of one profile."""
