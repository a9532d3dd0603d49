"""An empty study: its file and the workbook to fill in."""
