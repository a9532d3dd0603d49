"""What is wrong with a study: a page, and the ledgers back with their cells marked."""
