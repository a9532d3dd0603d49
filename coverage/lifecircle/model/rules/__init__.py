"""What a document asks."""
