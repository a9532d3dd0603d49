"""Allocation: who gets whose spare m², as far as it goes, and proof of how well."""
