"""``report.xlsx``, worksheet by worksheet.

- ``areas``: residential areas
- ``facilities``: facilities and candidate sites; ``uncounted``: why a facility does not count
- ``accounts``: the m² account, its sharing, the four stages
- ``reach``: what to check on site, gates, streets
- ``curves``: how rates hang on thresholds and speeds, as a table and drawn
- ``annexes``: problems, and what the result rests on
- ``worksheets``: all of them, in their order
- ``book``: the summary, and the file
"""
