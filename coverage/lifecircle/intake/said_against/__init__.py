"""What a row says against its own stage, rooms, figures or position.

- ``rows``: its stage, how much of its rooms serves, and where it lies
- ``figures``: figures that a remark of the row takes back
- ``named_kinds``: kinds that its name says and its type leaves room for
- ``planned``: what a proposal's own rows put off or give up, and which phases it is
"""

from lifecircle.intake.said_against.figures import says_figure_again
from lifecircle.intake.said_against.planned import is_built_with, named_phases
from lifecircle.intake.said_against.rows import (
    confirmed_places,
    confirms_place,
    overpromised,
    phases_of,
    with_remarks,
    without_doubted_places,
)

__all__ = [
    "confirmed_places",
    "confirms_place",
    "is_built_with",
    "named_phases",
    "overpromised",
    "phases_of",
    "says_figure_again",
    "with_remarks",
    "without_doubted_places",
]
