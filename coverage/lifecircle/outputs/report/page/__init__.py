"""``report.html``, table by table.

- ``rows``: areas, sites, gaps
- ``clauses``: a card a clause, rates by unit
- ``reach``: what to look into
- ``switches``: what another reading would make of a clause
- ``document`` puts them on the page
"""
