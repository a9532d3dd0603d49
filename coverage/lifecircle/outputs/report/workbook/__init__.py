"""``report.xlsx``, sheet by sheet."""
