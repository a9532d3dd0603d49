"""Problems of the input: collected, counted, reported once as a table.

- ``codes``: the closed list; ``told``: one problem, and its words
- ``lost``: what is written in a row and is not used as it stands, or not understood
- ``round_figures``: what is tried of a figure given about
- ``suspected``: positions that look like another datum
"""

from lifecircle.model.problem.codes import ProblemCode, Severity
from lifecircle.model.problem.lost import LOST, lost_cells, lost_of, of_row, unread_remarks
from lifecircle.model.problem.told import Problem, by_severity, describe, unread_text, worst

__all__ = [
    "LOST",
    "Problem",
    "ProblemCode",
    "Severity",
    "by_severity",
    "describe",
    "lost_cells",
    "lost_of",
    "of_row",
    "unread_remarks",
    "unread_text",
    "worst",
]
