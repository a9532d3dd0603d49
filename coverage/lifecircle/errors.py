"""The exception tree.

::

    LifecircleError
    ├── StudyError (ValueError)         the study cannot be used; carries the problems found
    ├── StandardError (ValueError)      a standard's file says something it may not say
    ├── UnknownNameError (KeyError)     an id that is not there, with the nearest known one
    ├── ProposalError (ValueError)      a proposal cannot be judged; carries the problems found
    ├── SitingError (ValueError)        nothing can be planned, or a plan fails its proof
    ├── EditError (ValueError)          an edit that cannot be made
    ├── BatchError (ValueError)         the list of a batch, or where it runs, cannot be used
    ├── AssessmentFormatError (ValueError)  a saved assessment that cannot be read back
    └── OutputError (OSError)           a result could not be written whole

Each is also the builtin a programmer would expect. Data problems are not exceptions: they are
collected as :class:`lifecircle.model.problem.Problem` and reported together; ``StudyError`` is
raised only once a stage cannot go on, and carries all of them.
"""

from __future__ import annotations

import difflib
import errno
import os
import traceback
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "FILE_REFUSALS",
    "AssessmentFormatError",
    "BatchError",
    "EditError",
    "LifecircleError",
    "OutputError",
    "ProposalError",
    "SitingError",
    "StandardError",
    "StudyError",
    "UnknownNameError",
    "fault_place",
    "file_refusal",
    "nearest_name",
    "out_of_memory",
]


_WINDOWS = os.name == "nt"
_LONGEST_PATH = 247
"""Characters of a folder's path that Windows takes unless it was told to take longer ones."""


class LifecircleError(Exception):
    """Base of every error this package raises on purpose."""


class StudyError(LifecircleError, ValueError):
    """A study, or a layer it needs, cannot be used.

    ``problems`` holds everything found until then, worst first, as
    :class:`lifecircle.model.problem.Problem`.
    """

    def __init__(self, message: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ProposalError(LifecircleError, ValueError):
    """A development proposal cannot be judged as it is; ``problems`` holds everything found."""

    def __init__(self, message: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class SitingError(LifecircleError, ValueError):
    """No site can be planned as asked, or a plan that is judged is worth another value.

    ``code`` and ``params`` name the text (domain ``cli``, ``site.refused.<code>``).
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code}: {params}" if params else code)
        self.code, self.params = code, params


class EditError(LifecircleError, ValueError):
    """An edit of a study that cannot be made.

    ``code`` and ``params`` name the text (domain ``cli``, ``edit.refused.<code>``).
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code}: {params}" if params else code)
        self.code, self.params = code, params


class BatchError(LifecircleError, ValueError):
    """A batch cannot be run as asked: its list, or the workers it should run on.

    ``code`` and ``params`` name the text (domain ``batch``, ``refused.<code>``); ``mistakes`` are
    further texts of the same kind (``mistake.<code>``), one a row of the list.
    """

    def __init__(
        self, code: str, mistakes: Sequence[tuple[str, Mapping[str, Any]]] = (), **params: Any
    ) -> None:
        super().__init__(f"{code}: {params}" if params else code)
        self.code, self.mistakes, self.params = code, tuple(mistakes), params


class StandardError(LifecircleError, ValueError):
    """A standard's file cannot be accepted; ``mistakes`` lists every reason at once.

    ``spoken``: the message and the mistakes in each language, since who reads a batch's result may
    not be who ran it.
    """

    def __init__(
        self,
        message: str,
        mistakes: Sequence[str] = (),
        spoken: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes)
        self.spoken = dict(spoken or {})

    def told(self, language: str) -> tuple[str, ...]:
        """Return the message and the mistakes in a language; where it has none, as they are."""
        return tuple(self.spoken.get(language, (str(self), *self.mistakes)))


class UnknownNameError(LifecircleError, KeyError):
    """A name or id is not known."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what, self.name, self.known = what, name, tuple(known)
        self.nearest = nearest_name(name, self.known)
        super().__init__(name)

    def __str__(self) -> str:
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"unknown {self.what} {self.name!r}{hint}"


class AssessmentFormatError(LifecircleError, ValueError):
    """A saved assessment has another schema or misses a part."""


class OutputError(LifecircleError, OSError):
    """A result could not be written; nothing was left half-written.

    Where the system refused a file, ``place`` is that file and ``refusal`` says why, as one of
    :data:`FILE_REFUSALS`; else both are None and the message says what is wrong. ``aside`` is the
    folder where former files lie that could not be put back: a disk that went read-only while
    files took their places; None: they stand as they were.
    """

    def __init__(
        self,
        message: str,
        *,
        place: Path | None = None,
        refusal: str | None = None,
        aside: Path | None = None,
    ) -> None:
        super().__init__(message)
        self.place, self.refusal, self.aside = place, refusal, aside

    @classmethod
    def of(cls, place: Path, error: OSError, aside: Path | None = None) -> OutputError:
        """Return the error of a file or folder that the system would not write."""
        said, refusal = f"{place}: {error.strerror or error}", file_refusal(error)
        return cls(said, place=place, refusal=refusal, aside=aside)


FILE_REFUSALS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "full": ("ENOSPC", "EDQUOT", "EFBIG"),
        "denied": ("EACCES", "EPERM", "ETXTBSY", "EBUSY"),
        "read_only": ("EROFS",),
        "long": ("ENAMETOOLONG",),
        "not_a_file": ("EISDIR",),
        "not_a_folder": ("ENOTDIR", "EEXIST"),
        "missing": ("ENOENT",),
        "name": ("EINVAL", "EILSEQ"),
    }
)
"""Why a system refuses a file → the names of its error numbers. Windows answers "denied" for a
file that another program holds open."""


def file_refusal(error: OSError) -> str:
    """Return why the system refused a file: a key of ``FILE_REFUSALS``, else ``other``."""
    name = errno.errorcode.get(error.errno or 0, "")
    told = next((why for why, names in FILE_REFUSALS.items() if name in names), "other")
    if _WINDOWS and told == "missing" and isinstance(error.filename, str):
        # that is how it says that a path is too long
        return "long" if len(os.path.abspath(error.filename)) > _LONGEST_PATH else told  # noqa: PTH100
    return told


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or None if none is near."""
    hits = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return hits[0] if hits else None


def out_of_memory(error: BaseException | None) -> bool:
    """Return whether memory ran out, in Python or in a library that words it its own way."""
    while error is not None:
        if isinstance(error, MemoryError) or "bad_alloc" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def fault_place(error: BaseException) -> str:
    """Return which error it was and where in the program, without a path of the machine."""
    at = traceback.extract_tb(error.__traceback__)
    inside = [f for f in at if "lifecircle" in Path(f.filename).parts] or list(at)
    where = f" {_module(inside[-1].filename)}:{inside[-1].lineno}" if inside else ""
    return f"{type(error).__name__}{where}"


def _module(filename: str) -> str:
    """Return a source file by its name inside the package: no path of the machine."""
    parts = Path(filename).with_suffix("").parts
    at = len(parts) - parts[::-1].index("lifecircle") - 1 if "lifecircle" in parts else -1
    return ".".join(parts[at:])
