"""Reviewing: one development proposal judged as if it were built."""
