"""Counting: which rows count, by kind, stage, flag and project: yes, no or not known.

- ``eligibility``: kinds, stages and m², and which rows may be one house;
  ``flags``: yes-or-no columns and stars
- ``typed``: figures that a county enters; ``figures``: sums that its ledgers have; ``rounded``:
  those given about, a little less or more
- ``projects``: phases that count as one; ``lacking``: of which of them a figure is missing;
  ``let_off``: areas that are exempt from what asks about
  them; ``clause_words``, ``clause_ids``: the clauses that an exemption's cell means;
  ``neighbourhood``: where a facility may stand;
  ``circles``: how much it can reach from there
- ``shares``: what part of a weight is met, at worst and at best, by scope; ``weighing``: what
  areas weigh in it, and of which scope they are
"""
