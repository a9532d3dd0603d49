"""Ledgers: headers, values and rows, normalised."""
