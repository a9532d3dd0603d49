"""Searches: positions on streets, and the cheapest ways between them."""
