"""Banners: what stands over every output of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard

__all__ = ["study_banners"]


def study_banners(study: Study, standards: Iterable[Standard]) -> tuple[str, ...]:
    """Return what stands over all: that it is a scenario; the study's own; a borrowed document."""
    standards = tuple(standards)
    # a province's document (370000) holds in all its counties
    foreign = any(not study.county.startswith(s.county.rstrip("0")) for s in standards if s.county)
    said = any("套用外县标准" in banner for banner in study.banners)
    varied = ("scenario",) if any(s.scenario for s in standards) else ()
    borrowed = ("foreign_standard",) if foreign and not said else ()
    return (*varied, *study.banners, *borrowed)
