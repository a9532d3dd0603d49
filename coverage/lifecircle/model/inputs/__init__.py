"""What a county hands in, and what is said of it."""
