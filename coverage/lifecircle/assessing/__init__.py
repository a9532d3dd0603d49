"""Assessing: a study judged by its documents, drawn up as an Assessment."""
