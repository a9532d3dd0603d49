"""The report: a page, a workbook, and what every town has to put right.

- ``district_lines``: service districts, a line each; ``districts``: their units and the way to the
  host, for both
- ``readings_taken``: the readings a result rests on, for both
- ``rectification``: 整改清单, as a worksheet and as a file a town
- ``papers``: page, Word files and PDF together
- ``brief``: the one page, at the head of the report and by itself
- ``workbook``: ``report.xlsx``; ``chapter``: ``report.docx``
- ``page``: ``report.html``
"""
