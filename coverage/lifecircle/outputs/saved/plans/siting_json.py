"""``sites.json``: where to build, judged before and after, in codes and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import lifecircle
from lifecircle.model.allowed import OneOf
from lifecircle.model.results.siting_plan import SITING_SCHEMA, SitingPlan
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import document_digest, plain, write_json_text
from lifecircle.outputs.saved.plans.reading import read_document
from lifecircle.outputs.saved.refusals import reason, refused

__all__ = ["SITING_NAME", "SitingDocument", "read_siting_json", "write_siting_json"]

SITING_NAME = "sites.json"


@dataclass(frozen=True, slots=True)
class SitingDocument:
    """A siting plan as it is saved.

    Parameters
    ----------
    version
        Version of lifecircle.
    digest
        SHA-256 of all else in the document (``json_text.document_digest``): a plan changed by hand
        is noticed.
    """

    schema: Annotated[int, OneOf((SITING_SCHEMA,))]
    version: str
    digest: str
    plan: SitingPlan

    __pydantic_config__ = CLOSED


def write_siting_json(plan: SitingPlan, path: Path) -> Path:
    """Write a plan and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    found: dict[str, Any] = plain(SitingDocument(SITING_SCHEMA, lifecircle.__version__, "", plan))
    return write_json_text(found | {"digest": document_digest(found)}, path)


def read_siting_json(path: str | Path, language: str = "zh") -> SitingPlan:
    """Return the plan that was written to ``path``, a ``sites.json`` or the folder with one.

    It equals what was written, but for what JSON cannot hold: a number without bound is None.

    Parameters
    ----------
    language
        Of the words in which a file is refused, ``"zh"`` or ``"en"``.

    Raises
    ------
    AssessmentFormatError
        The file is missing, unreadable, of another schema number, says what the shipped schema
        does not allow, or was changed after it was written.
    """
    file = Path(path)
    file = file / SITING_NAME if file.is_dir() else file
    document, edited = read_document(SitingDocument, file, SITING_SCHEMA, language)
    if edited:
        raise refused(file, reason("plan_edited", language))
    return document.plan
