"""Paper: how every paper of an office looks, whichever product writes it.

- ``typeface``: fonts, sizes and margins, of papers that are read, of one page, of forms
- ``document``: an empty Word file with its fonts, language and properties
- ``styles``: paragraph styles of a look
- ``columns``: widths in which no word is parted
- ``markup``: runs, paragraphs, fields, cells and rows as WordprocessingML
- ``manuscript``: a paper for Word, written from top to bottom
"""
