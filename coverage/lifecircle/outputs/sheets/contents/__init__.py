"""What stands on the sheets, before anything is drawn."""
