"""Intake: a county's files become a Study, and everything wrong with them a table of problems.

In the order of the work:

- ``settings``: the study file, its closed keys and its paths
- ``ledger``: headers, values and rows of the officers' tables, normalised
- ``positions``: where the rows are, in one projected CRS
- ``parts``: a layer's rows out of all files and sheets they stand in
- ``said_against``: what a row says against its own stage, rooms, figures or position
- ``other_days``: openings and ends in columns that nothing else is read from
- ``bonds_written``: words that bind rows (项目编号, 场所编号), as far as they do
- ``listed_twice``: rows that say the same of one spot again: one place, or two
- ``layers``: from a file to a layer by all above; ``log``: problems and files read, gathered
- ``joins``: what belongs to what, by code, name and reference
- ``not_held``: exemptions that their own row calls not in force
- ``evidence``: what a county types of itself; ``streets``: the lines people walk on;
  ``walks_given``: a ready table of walks
- ``doubts``: what the layers say about each other that can hardly be right
- ``moved_home``: where what looks like another datum would lie, which is taken for true nowhere
- ``remarks_left``: remarks that none of these has understood, put to a person
- ``study`` puts a study together; ``proposal`` a development project in a study's terms
- ``travel``: a table of costs, for siting without a map
- ``checking``: a study read only to see what is wrong with it; ``digests``: what it would read
"""

from lifecircle.intake.checking import inspect_study
from lifecircle.intake.proposal.proposal import PROPOSAL_SUFFIXES, check_proposal, read_proposal
from lifecircle.intake.study import check_study, read_study

__all__ = [
    "PROPOSAL_SUFFIXES",
    "check_proposal",
    "check_study",
    "inspect_study",
    "read_proposal",
    "read_study",
]
