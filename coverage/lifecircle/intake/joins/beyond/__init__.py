"""Records that say more than they name.

- ``phrases``: what such records say, in words
- ``unread``: records that there are and nobody can read here
- ``names``: whom they may mean
"""

from lifecircle.intake.joins.beyond.names import BeyondNames

__all__ = ["BeyondNames"]
