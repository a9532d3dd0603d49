"""Records that say more than they name.

- ``phrases``: what such records say, in words
- ``names``: whom they may mean
"""

from lifecircle.intake.joins.beyond.names import BeyondNames

__all__ = ["BeyondNames"]
