"""The curves as small drawings: what a report puts into its inline SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import REACH_GROUPS

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, Curve
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Chart", "Line", "charts"]

WIDTH, HEIGHT = 520, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 10, 34
_COLOURS = ("#1d5fa8", "#b5541c", "#3f7f3f", "#7a4fa3")
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
"""A line's look by its group; told apart in grey too."""
_REFERENCE = {"radius": "reference_radius_m", "walk": "reference_walk_min"}


@dataclass(frozen=True, slots=True)
class Line:
    """One group's curve: name, look, and points as SVG writes them."""

    name: str
    colour: str
    dash: str
    points: str
    band: str | None
    now: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing: its heading, ticks as (position, text), and the line of the threshold."""

    title: str
    note: str
    width: int
    height: int
    left: int
    bottom: int
    right: int
    top: int
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    threshold: float | None
    lines: tuple[Line, ...]


def charts(assessment: Assessment, words: Wording) -> list[Chart]:
    """Return one chart a measure, of households; of areas where no household is known."""
    found = []
    for measure in ("radius", "walk"):
        mine = [c for c in assessment.curves if c.measure == measure and len(c.steps) > 1]
        for basis in ("households", "areas"):
            known = [c for c in mine if c.basis == basis and c.steps[0].low is not None]
            if known:
                found.append(_chart(assessment, words, known))
                break
    return found


def _chart(assessment: Assessment, words: Wording, curves: list[Curve]) -> Chart:
    one, missing = curves[0], max(curve.missing for curve in curves)
    last = max(step.threshold for curve in curves for step in curve.steps)
    setting = next(
        (p.value for p in assessment.parameters if p.name == _REFERENCE[one.measure]), None
    )
    speed = {} if one.speed_m_s is None else {"speed": words.value(one.speed_m_s, "m/s")}
    basis = words.word("basis", one.basis)
    return Chart(
        title=words.say(f"curve.{one.measure}", basis=basis, **speed),
        note=words.say("curve.missing", n=missing) if missing else "",
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        bottom=HEIGHT - _BOTTOM,
        right=WIDTH - _RIGHT,
        top=_TOP,
        x_ticks=_x_ticks(one.unit, last, words),
        y_ticks=tuple((_y(share), f"{100 * share:.0f} %") for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
        threshold=None if setting is None or setting > last else _x(setting, last),
        lines=tuple(_line(curve, words, last, setting) for curve in curves),
    )


def _x_ticks(unit: str, last: float, words: Wording) -> tuple[tuple[float, str], ...]:
    """Return the ticks of the threshold's axis up to ``last``; the last one names the unit."""
    every = 250 if unit == "m" else 5
    ticks = [float(t) for t in range(0, int(last) + 1, every)]
    texts = [words.number(t) for t in ticks]
    texts[-1] += f" {words.say(f'curve.axis.{unit}')}"
    return tuple((_x(t, last), text) for t, text in zip(ticks, texts, strict=True))


def _line(curve: Curve, words: Wording, last: float, setting: float | None) -> Line:
    number = REACH_GROUPS.index(curve.reach_group) if curve.reach_group in REACH_GROUPS else 0
    low = [(_x(s.threshold, last), _y(s.low or 0.0)) for s in curve.steps]
    high = [(_x(s.threshold, last), _y(s.high or 0.0)) for s in curve.steps]
    at = next((s for s in curve.steps if s.threshold == setting), None)
    return Line(
        name=words.word("reach_group", curve.reach_group),
        colour=_COLOURS[number % len(_COLOURS)],
        dash=_DASHES[number % len(_DASHES)],
        points=_written(low),
        band=None if low == high else _written([*low, *reversed(high)]),
        now="" if at is None else words.range(at.low, at.high),
    )


def _x(threshold: float, last: float) -> float:
    return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * threshold / last, 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * share, 1)


def _written(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
