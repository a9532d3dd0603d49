"""What the map says of residential areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.status import Coverage, Flag, Setting, Status
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.wording import listed, real, text, yes
from lifecircle.outputs.showing import covered_by, has_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from lifecircle.model.assessment import Assessment
    from lifecircle.outputs.maps.wording import Words

__all__ = ["Labels", "area_features", "clause_quotes", "verdict"]

NO_VERDICT = "none"
"""Key of an area the Assessment gives no verdict."""

_PROVISION = ("required_m2", "own_m2", "recorded_m2", "arrangeable_m2")


class Labels:
    """Labels of popup rows, each written once in the page and named by its number."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def rows(self, pairs: Mapping[str, str | None]) -> list[int | str]:
        """Return ``[number, value, number, value, …]`` of the values that are known."""
        flat: list[int | str] = []
        for code, value in pairs.items():
            if value is None:
                continue
            if code not in self._numbers:
                self._numbers[code] = len(self.texts)
                self.texts.append(self.words.say(f"label.{code}"))
            flat += [self._numbers[code], value]
        return flat


def verdict(row: Mapping[str, Any]) -> str:
    """Return the status an area is drawn by; ``none`` where the Assessment has none."""
    found = text(row.get("verdict"))
    return found if found in set(Status) else NO_VERDICT


def clause_quotes(assessment: Assessment, words: Words) -> dict[str, dict[str, str]]:
    """Return what popups cite: clause id → short name, citation and exact quote."""
    quotes: dict[str, dict[str, str]] = {}
    for result in assessment.clauses:
        title = words.common.title(result.title, result.id)
        document = words.common.title(
            assessment.standard_titles.get(result.standard, {}), result.standard
        )
        source = words.join([document, text(result.section)]) if text(result.quote) else None
        quotes.setdefault(
            result.id,
            {
                "short": f"{words.common.clause(result.id)} {title}",
                "cite": words.join([f"{words.common.clause(result.id)} {title}", source]),
                "quote": text(result.quote) or "",
            },
        )
    return quotes


def area_features(
    assessment: Assessment, words: Words, labels: Labels, geometries: Mapping[str, BaseGeometry]
) -> list[dict[str, Any]]:
    """Return one feature per residential area, in the layer's order."""
    frame = assessment.layers.get("residential")
    reach = _reach_by_area(assessment.reach, words)
    findings = _findings_by_area(assessment, words)
    measure = covered_by(assessment)
    features = []
    for row in shapes.rows(frame):
        key = row["id"]
        status, geometry = verdict(row), geometries.get(key)
        clause = text(row.get("clause"))
        feature: dict[str, Any] = {
            "i": key,
            "n": text(row.get("name")) or key,
            "v": status,
            "w": words.say("no_verdict") if status == NO_VERDICT else words.word("status", status),
            "c": _coverage(row),
            "s": words.join(
                [
                    words.word("setting", row.get("setting")),
                    words.word("age_class", row.get("age_class")),
                    words.word("housing_stage", row.get("stage")),
                    words.place(row.get("community"), row.get("unit")),
                ]
            ),
            "p": labels.rows(_facts(row, words, measure)),
        }
        flags = findings.flags.get((key, clause or ""), [])
        optional = {
            "g": shapes.encode(geometry),
            "at": shapes.inner_point(geometry) if geometry is not None else None,
            "x": 1 if yes(row.get("illustrative")) else None,
            "r": words.reason(row.get("reason")),
            "f": [words.word("flag", flag) for flag in flags] or None,
            "b": _provision(row, words),
            "t": [
                line
                for line in reach.get(key, [])
                # 幸福院 are for villages: how far one is tells nothing of an estate
                if line[0] != "village" or row.get("setting") != Setting.URBAN
            ]
            or None,
            "m": words.remedy(row.get("remedy")),
            "k": clause,
            "e": findings.rows.get(key),
        }
        feature.update({name: value for name, value in optional.items() if value is not None})
        features.append(feature)
    return features


def _coverage(row: Mapping[str, Any]) -> str:
    found = text(row.get("coverage"))
    return found if found in set(Coverage) else str(Coverage.UNKNOWN)


def _facts(row: Mapping[str, Any], words: Words, measure: str) -> dict[str, str | None]:
    covered = words.word("coverage", row.get("coverage"))
    share = words.percent(row.get(f"{measure}_share"))
    return {
        "households": words.number(row.get("households"), "households") or words.say("missing"),
        "population": words.number(row.get("population"), "people"),
        "elders": words.number(row.get("elders"), "people"),
        f"coverage_{measure}": words.join(
            [covered, share and words.say("share_reached", share=share)]
        )
        or None,
        "required_m2": words.number(row.get("required_m2"), "m2", 1),
        "own_m2": words.number(row.get("own_m2"), "m2", 1),
        "recorded_m2": words.number(row.get("recorded_m2"), "m2", 1),
        "arrangeable_m2": words.number(row.get("arrangeable_m2"), "m2", 1),
        "deficit_m2": words.number(row.get("deficit_m2"), "m2", 1),
        "deficit_if_arranged_m2": words.number(row.get("deficit_if_arranged_m2"), "m2", 1)
        if (real(row.get("arrangeable_m2")) or 0) > 0
        else None,
        "project": text(row.get("project")),
        "id": row["id"],
    }


def _provision(row: Mapping[str, Any], words: Words) -> dict[str, Any] | None:
    """Return the m² of the bar; None where no quota applies or nothing finite is known."""
    values = {name: real(row.get(name)) for name in _PROVISION}
    required = values["required_m2"]
    if required is None or not 0 < required < float("inf"):
        return None
    bar: dict[str, Any] = {
        name.removesuffix("_m2"): round(value, 2)
        for name, value in values.items()
        if value is not None and abs(value) < float("inf")
    }
    bar["text"] = words.say(
        "provision_bar", **{name: "?" if v is None else v for name, v in values.items()}
    )
    return bar


def _reach_by_area(table: pd.DataFrame | None, words: Words) -> dict[str, list[list[str]]]:
    """Return area → rows (group, nearest facility, straight line, walk), main group first."""
    found: dict[str, list[list[str]]] = {}
    if table is None or table.empty:
        return found
    order = {group: n for n, group in enumerate(REACH_GROUPS)}
    rows = [row for row in table.to_dict("records") if row.get("reach_group") in order]
    for row in sorted(rows, key=lambda row: order[row["reach_group"]]):
        near, walked = text(row.get("radius_facility")), text(row.get("walk_facility"))
        if near is None and walked is None and row["reach_group"] != REACH_GROUPS[0]:
            continue
        names = list(dict.fromkeys(words.name("facilities", f) for f in (near, walked) if f))
        found.setdefault(str(row["residential"]), []).append(
            [
                row["reach_group"],
                " / ".join(name for name in names if name) or words.say("none"),
                words.straight(row.get("radius_m")),
                words.walk(row.get("walk_m"), row.get("walk_min")),
            ]
        )
    return found


class _Findings:
    """Findings of residential areas: rows of the popup's table, and flags by area and clause."""

    def __init__(self) -> None:
        self.rows: dict[str, list[list[str]]] = {}
        self.flags: dict[tuple[str, str], list[str]] = {}


def _findings_by_area(assessment: Assessment, words: Words) -> _Findings:
    found, table = _Findings(), assessment.findings
    if table is None or table.empty:
        return found
    figures = {(c.standard, c.id) for c in assessment.clauses if has_figures(c)}
    for row in table.to_dict("records"):
        status = text(row.get("status"))
        if row.get("layer") != "residential" or status is None:
            continue
        key, clause = row["id"], str(row["clause"])
        flags = listed(row.get("flags"))
        if flags:
            found.flags.setdefault((key, clause), []).extend(flags)
        # a clause that is not about the area is no news about the area
        if status in {Status.NOT_APPLICABLE, Status.NOT_IN_FORCE}:
            continue
        told = (row["standard"], clause) in figures
        line = [
            clause,
            words.measured(row.get("measured"), row.get("unit")) if told else "",
            words.measured(row.get("required"), row.get("unit")) if told else "",
            status,
        ]
        if Flag.REFERENCE in flags:  # outside the verdict: in grey, and never "deficient"
            line.append(words.say(f"reference.{status}"))
        found.rows.setdefault(key, []).append(line)
    return found
