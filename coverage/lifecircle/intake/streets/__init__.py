"""Streets into a study."""
