"""A development proposal, normalised in a study's terms."""
