"""What stands around the verb of a remark.

- ``adjuncts``: causes, and what went before
- ``hedges``: words by which it is not sure
- ``openings``: of what is still to open
- ``unsaid``: what takes it back
"""

from __future__ import annotations

from lifecircle.intake.ledger.cells.clauses.adjuncts import ONLY_ACCEPTED, verbs_of
from lifecircle.intake.ledger.cells.clauses.hedges import PERHAPS_USED, said_unsurely
from lifecircle.intake.ledger.cells.clauses.openings import OPENING
from lifecircle.intake.ledger.cells.clauses.unsaid import is_unsaid

__all__ = ["ONLY_ACCEPTED", "OPENING", "PERHAPS_USED", "is_unsaid", "said_unsurely", "verbs_of"]
