"""Two assessments side by side, in words and as a workbook."""
