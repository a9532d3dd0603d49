"""Problems of the input: collected, counted, reported once as a table.

- ``codes``: the closed list; ``told``: one problem, and its words
"""

from lifecircle.model.problem.codes import ProblemCode, Severity
from lifecircle.model.problem.told import Problem, by_severity, describe, worst

__all__ = ["Problem", "ProblemCode", "Severity", "by_severity", "describe", "worst"]
