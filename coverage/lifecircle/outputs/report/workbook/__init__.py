"""``report.xlsx``, worksheet by worksheet.

- ``areas``: residential areas
- ``accounts``: the m² account, its sharing, the four stages
- ``reach``: what to check on site, gates, streets, curves
- ``worksheets``: all of them, in their order
- ``book``: the summary, and the file
"""
