"""Doubts: what the layers say about each other that can hardly be right; nothing is changed."""
