"""The filled-in form, as a workbook."""
