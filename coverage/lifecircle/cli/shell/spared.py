"""Spared: parts of libraries that load with others and that nothing here asks anything of."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import LazyLoader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["load_when_asked"]

_UNASKED = frozenset({"numpy.f2py", "numpy.testing", "scipy.spatial.transform", "PIL.Image"})
"""What wraps Fortran and what tests: SciPy looks at every part that NumPy has, and so loads them.
It takes as long as all else that SciPy loads for sparse matrices. Rotations come with SciPy's tree
of near points, and what reads photographs with openpyxl."""


def load_when_asked() -> None:
    """Let these parts load when something of them is first asked for; those loaded stay."""
    if _WhenAsked not in sys.meta_path:
        sys.meta_path.insert(0, _WhenAsked)


class _WhenAsked:
    """Finds these parts as all others are found; their files are read once they are asked."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in _UNASKED else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec
