"""Rows that may be one place on two lines: the same row again, and one house under two names.

- ``rows``: rows that say the same of one spot again: of which one counts, and which is doubted
- ``estates``: residential areas of one name at one place, whatever each row says of them
- ``grounds``: where the areas lie that such rooms may stand by, those of one account by one name
- ``called``: whose rooms a name says that these are, without the words of its kind
- ``apart``: what two rows say that parts them
- ``misread``: positions that differ as two datums do
- ``whose``: of which areas the rows of one house are
- ``houses``: facilities that may be the same rooms: there once for certain, and twice perhaps
"""

from lifecircle.intake.listed_twice.estates import estates_again
from lifecircle.intake.listed_twice.houses import with_houses
from lifecircle.intake.listed_twice.rows import REPEATED_M, listed_twice, twins

__all__ = ["REPEATED_M", "estates_again", "listed_twice", "twins", "with_houses"]
