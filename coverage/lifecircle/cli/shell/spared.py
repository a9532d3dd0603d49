"""Spared: what libraries load and begin with the rest, and nothing here asks anything of."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import LazyLoader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["calculate_in_one_thread", "load_when_asked"]

_UNASKED = frozenset({"numpy.f2py", "numpy.testing", "scipy.spatial.transform", "PIL.Image"})
"""What wraps Fortran and what tests: SciPy looks at every part that NumPy has, and so loads them.
It takes as long as all else that SciPy loads for sparse matrices. Rotations come with SciPy's tree
of near points, and what reads photographs with openpyxl."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


def calculate_in_one_thread() -> None:
    """Let linear algebra begin no threads, unless the user has said how many; before it is loaded.

    There is next to none here, and the copies of it in NumPy and in SciPy each begin a thread a
    processor, which waits for work a while by asking for it again and again.
    """
    if not any(name in os.environ for name in _THREADS):
        os.environ[_THREADS[0]] = "1"


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
