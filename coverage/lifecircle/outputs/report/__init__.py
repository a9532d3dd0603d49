"""The report: a page, a workbook, and what every town has to put right.

- ``districts``: service districts and their hosts, for both
- ``readings_taken``: the readings a result rests on, for both
- ``rectification``: 整改清单, as a worksheet and as a file a town
- ``papers``: page, Word files and PDF together
- ``brief``: the one page, at the head of the report and by itself
- ``workbook``: ``report.xlsx``; ``chapter``: ``report.docx``
- ``page``: ``report.html``
"""
