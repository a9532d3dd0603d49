"""Spared: parts of libraries that load with others and that nothing here asks anything of."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

__all__ = ["load_when_asked"]

_UNASKED = ("numpy.f2py", "numpy.testing")
"""What wraps Fortran and what tests: SciPy looks at every part that NumPy has, and so loads them.
It takes as long as all else that SciPy loads for sparse matrices."""


def load_when_asked() -> None:
    """Let these parts load when something of them is first asked for; those loaded stay."""
    for name in _UNASKED:
        spec = None if name in sys.modules else find_spec(name)
        if spec is None or spec.loader is None:
            continue
        spec.loader = loader = LazyLoader(spec.loader)
        sys.modules[name] = module = module_from_spec(spec)
        loader.exec_module(module)
        whole, _, part = name.rpartition(".")
        setattr(sys.modules[whole], part, module)
