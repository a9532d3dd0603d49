"""What stands around the verb of a remark.

- ``adjuncts``: causes, and what went before
- ``hedges``: words by which it is not sure
"""

from __future__ import annotations

from lifecircle.intake.ledger.cells.clauses.adjuncts import verbs_of
from lifecircle.intake.ledger.cells.clauses.hedges import PERHAPS_USED, said_unsurely

__all__ = ["PERHAPS_USED", "said_unsurely", "verbs_of"]
