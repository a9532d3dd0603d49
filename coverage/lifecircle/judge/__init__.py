"""Judging: tables and clauses in force make findings and rates; no geometry, no files.

In the order of the work: ``readings`` (clauses as a study reads them), ``topics``,
``applicability``, ``decision``, ``exemptions``, ``rates``, ``clause_results``, ``clauses`` (one
clause, one standard) and ``reference_checks`` (what no document asks).
"""
