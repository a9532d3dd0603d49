"""Banners: what stands over every output of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard

__all__ = ["study_banners"]


def study_banners(study: Study, standards: Iterable[Standard]) -> tuple[str, ...]:
    """Return the study's banners, and a warning where a document is another county's."""
    # a province's document (370000) holds in all its counties
    foreign = any(not study.county.startswith(s.county.rstrip("0")) for s in standards if s.county)
    said = any("套用外县标准" in banner for banner in study.banners)
    return (*study.banners, "foreign_standard") if foreign and not said else study.banners
