"""A case: one study with its reach, its stage view and its day, ready as tables."""
