"""Judging: tables and rules in force make findings and rates; no geometry, no files.

- ``readings``: clauses put in force, as a study reads them; ``topics``: what they are about
- ``applicability``: whom a rule is about; ``decision``: an interval against a threshold
- ``near_calls``: what a facility a few metres away would decide otherwise
- ``exemptions``: what a study leaves out; ``rates``: one rule in all bases
- ``unplaced``: what facilities of unknown place leave open, and can reach at best; ``waiting``: the
  same of rooms that may be one area's or another's
- ``clause_results``: what findings come to; ``clauses``: one rule, all rules
- ``typed``: a figure that stands in where the ledger does not tell
- ``facts``: clauses of one document that find the same
- ``reference_checks``: what no document asks
"""
