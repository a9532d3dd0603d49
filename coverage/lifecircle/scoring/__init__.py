"""Scoring: the 100-point self-assessment form, filled in."""
