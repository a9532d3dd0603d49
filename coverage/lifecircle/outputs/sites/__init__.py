"""A siting plan for the office: the table of projects, as a workbook, a page and a Word file.

- ``folder``: the files of a plan, whole or absent
- ``book``, ``page``, ``document``, ``layers``: each of them
"""
