"""The 100-point form filled in, as ``score.xlsx``.

- ``phrases``: points and papers in words
- ``hand_in``: the document's own table
- ``worksheets``: where each point comes from, papers, exemptions, problems
- ``book`` puts them together
"""
