"""Workbooks of every kind as pages of values, whatever they are called and however they look.

- ``page``: what a worksheet holds: values, merged blocks, what is hidden, formulas never computed
- ``modern``: ``.xlsx`` of Excel and WPS, transitional and strict; ``parts``: what its archive holds
- ``old``: ``.xls`` and ``.et``; ``old_formulas``: those of their formulas never computed
- ``ods``: OpenDocument sheets
- ``spreadsheet_xml``: XML Spreadsheet 2003
- ``opening``: which of them a file is
"""
