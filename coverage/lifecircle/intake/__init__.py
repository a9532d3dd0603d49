"""Intake: a county's files become a Study, and everything wrong with them a table of problems.

In the order of the work: ``study_file`` (the settings), ``mojibake`` (garbled text), ``columns``
(which header is what), ``values``, ``degrees`` and ``rows`` (normalising; what cannot be used is
set aside), ``places``, ``systems``, ``datum`` and ``projection`` (where things are), ``units`` and
``references`` (what belongs to what), ``streets``, ``bonds`` and ``suspicion`` (does a layer lie
in another datum than it says), and ``study`` that puts it together.
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
