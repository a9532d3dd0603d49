"""Mending: gaps to join and gates to find, as the study asks."""
