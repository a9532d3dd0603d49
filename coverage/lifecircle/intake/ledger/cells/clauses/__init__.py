"""What stands around the verb of a remark.

- ``adjuncts``: causes, and what went before
- ``hedges``: words by which it is not sure
- ``openings``: of what is still to open
"""

from __future__ import annotations

from lifecircle.intake.ledger.cells.clauses.adjuncts import verbs_of
from lifecircle.intake.ledger.cells.clauses.hedges import PERHAPS_USED, said_unsurely
from lifecircle.intake.ledger.cells.clauses.openings import OPENING

__all__ = ["OPENING", "PERHAPS_USED", "said_unsurely", "verbs_of"]
