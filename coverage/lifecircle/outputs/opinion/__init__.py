"""The opinion sheet of a planning review: Word, page, and the summary of many."""
