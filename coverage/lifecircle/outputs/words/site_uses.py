"""Which areas a candidate site was named for: one site may be named for several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment

__all__ = ["site_uses"]


def site_uses(assessment: Assessment) -> dict[str, list[tuple[str, float]]]:
    """Return site id → (area, m² it lacks) of every area whose remedy is to convert the site."""
    sites = assessment.layers.get("sites")
    if sites is None:
        return {}
    found: dict[str, list[tuple[str, float]]] = {}
    for area, remedy in assessment.layers["residential"]["remedy"].items():
        if isinstance(remedy, Reason) and remedy.code == ReasonCode.REMEDY_CONVERT:
            site = str(remedy.params["site"])
            found.setdefault(site, []).append((str(area), float(remedy.params["deficit_m2"])))
    return {str(key): found[str(key)] for key in sites.index if str(key) in found}
