"""Paper: how every paper of an office looks, whichever product writes it.

- ``typeface``: fonts, sizes, rules and margins, of papers that are read, of one page, of forms
- ``document``: an empty Word file with its fonts, language and properties
- ``styles``: paragraph styles of a look
- ``ruled``: cells of a workbook in a look: fonts, rules, grounds, heads with room
- ``columns``: widths in which no word is parted
- ``markup``: runs, paragraphs, fields, cells and rows as WordprocessingML
- ``manuscript``: a paper for Word, written from top to bottom
"""
