"""``sites.json``: where to build, judged before and after, in codes and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import lifecircle
from lifecircle.model.allowed import OneOf
from lifecircle.model.results.siting_plan import SITING_SCHEMA, SitingPlan
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SitingDocument", "write_siting_json"]


@dataclass(frozen=True, slots=True)
class SitingDocument:
    """A siting plan as it is saved.

    Parameters
    ----------
    version
        Version of lifecircle.
    """

    schema: Annotated[int, OneOf((SITING_SCHEMA,))]
    version: str
    plan: SitingPlan

    __pydantic_config__ = CLOSED


def write_siting_json(plan: SitingPlan, path: Path) -> Path:
    """Write a plan and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_json_text(plain(SitingDocument(SITING_SCHEMA, lifecircle.__version__, plan)), path)
