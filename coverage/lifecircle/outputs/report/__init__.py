"""The report: a page, a workbook, and what every town has to put right."""
