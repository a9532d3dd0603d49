"""Districts as ledgers know them: 250 places, 60 facilities, each with the code of its unit.

The codes are those of the four counties; the territories are grown from several centres each, so
that they are irregular, 2 to 5 km wide. Places stand in the town around the seat, in villages, and
alone; most facilities are some hundred metres from a place, some nowhere near one. Positions are
taken to some ten metres and written with four to six decimals; a few rows say a wrong unit.

``python tests/benchmarks/districts.py 200 50000 held half`` makes 200 from seed 50000 of a county
far from the others, and only the cases whose name holds that word.
``… 20 70000 half notes wide anywhere`` says what becomes of 20 of the hardest.
"""

from __future__ import annotations

import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from lifecircle.intake.doubts.bonds import datum_problems
from lifecircle.intake.positions.datum import gcj02_to_bd09, to_wgs84, wgs84_to_gcj02
from lifecircle.model.gazetteer import code_list
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode

__all__ = [
    "CASES",
    "CLEAN",
    "CRS",
    "ROUGH",
    "District",
    "expected",
    "given",
    "outcome",
    "written_in",
]

CRS = "EPSG:4548"
TO_DEGREES = Transformer.from_crs(CRS, 4490, always_xy=True)
TO_METRES = Transformer.from_crs(4490, CRS, always_xy=True)
CENTRES = {
    "370828": (116.31, 35.07),
    "370826": (117.13, 34.81),
    "370124": (116.46, 36.29),
    "371721": (115.54, 34.83),
}
HELD = {"360681": (117.21, 28.30)}
"""A county on whose districts nothing was tuned."""
PLACES, FACILITIES = 250, 60
OUTCOMES = ("exactly", "partly", "asked", "half noted", "towns noted", "silent")
NOTHING = pd.DataFrame({"facility": [], "residential": []})


def written_in(lon, lat, datum):
    """Return WGS 84 degrees as a datum writes them."""
    if datum in {"gcj02", "bd09"}:
        lon, lat = wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)


class District:
    """One district, from a seed.

    ``off_m``: how far every facility stands from a place; ``rough_m``: to how many metres positions
    are taken; ``held``: of the county of ``HELD``; ``wide``: of territories 6 to 10 km wide;
    ``anywhere``: of facilities that stand anywhere in their unit. ``xy``: layer → true places in
    metres; ``codes``: layer → the code each row says; ``outlines``: the territories.
    """

    def __init__(
        self,
        seed: int,
        *,
        off_m: float | None = None,
        rough_m: float = 10.0,
        held: bool = False,
        wide: bool = False,
        anywhere: bool = False,
    ) -> None:
        self.rough_m = rough_m
        self.random = draw = np.random.default_rng(seed)
        county = sorted(CENTRES)[draw.integers(4)]
        county = next(iter(HELD)) if held else county
        units = int(draw.integers(8, 17))
        towns = [code for code, _ in code_list(county) if len(code) == 9]
        self.codes_of = [towns[n] if n < len(towns) else f"{county}{150 + n}" for n in range(units)]
        across = draw.uniform(6000, 10000) if wide else draw.uniform(2000, 5000)
        middle = np.array(TO_METRES.transform(*{**CENTRES, **HELD}[county]))
        side = int(np.ceil(np.sqrt(units)))
        cells = np.array([(i, j) for i in range(side) for j in range(side)], float)[:units]
        self.seats = middle + (cells + draw.uniform(-0.3, 0.3, cells.shape)) * across
        self.outlines = self._territories(across)
        self.xy, self.codes = {}, {}
        self._places(across)
        self._facilities(across, off_m, near=0.0 if anywhere else None)

    def _territories(self, across):
        """Return outlines made of the cells of seven centres a unit, drawn to a few ten metres."""
        draw, n = self.random, len(self.seats)
        seeds = self.seats.repeat(7, 0) + draw.normal(0, across / 4, (7 * n, 2))
        owner = np.arange(n).repeat(7)
        seeds[::7] = self.seats
        box = shapely.box(*(seeds.min(0) - across / 2), *(seeds.max(0) + across / 2))
        cells = shapely.get_parts(
            shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=box)
        )
        cells = shapely.intersection(cells, box)
        tree = shapely.STRtree(shapely.points(seeds))
        cell, seed = tree.query(cells, predicate="contains")
        parts = [cells[cell[owner[seed] == unit]] for unit in range(n)]
        return np.array([shapely.union_all(part) for part in parts], dtype=object)

    def home(self, xy):
        """Return the unit that each place stands in, -1 for none."""
        found = np.full(len(xy), -1)
        point, unit = shapely.STRtree(self.outlines).query(shapely.points(xy), "intersects")
        found[point] = unit
        return found

    def _kept(self, name, count, make):
        """Keep drawing until so many places stand in a unit; then take their codes."""
        xy = np.empty((0, 2))
        while len(xy) < count:
            more = make(count)
            xy = np.concatenate([xy, more[self.home(more) >= 0]])
        self.xy[name] = xy[:count]
        home, draw = self.home(self.xy[name]), self.random
        wrong = draw.random(count) < draw.uniform(0, 0.03)
        home[wrong] = draw.integers(0, len(self.seats), wrong.sum())
        self.codes[name] = np.array([self.codes_of[unit] for unit in home], dtype=object)

    def _places(self, across):
        draw, n = self.random, len(self.seats)
        villages = self.seats.repeat(6, 0) + draw.normal(0, across / 3, (6 * n, 2))
        share = draw.dirichlet([3, 4, 2])
        wide = draw.uniform(300, 700)

        def make(count):
            kind = draw.choice(3, count, p=share)
            unit = draw.integers(0, n, count)
            town = self.seats[unit] + draw.normal(0, wide, (count, 2))
            village = villages[draw.integers(0, 6 * n, count)] + draw.normal(0, 120, (count, 2))
            alone = self.seats[unit] + draw.uniform(-across, across, (count, 2)) / 2
            return np.choose(kind[:, None], [town, village, alone])

        self._kept("residential", PLACES, make)

    def _facilities(self, across, off_m, near=None):
        """``near``: the share of them that stand near a place, drawn where None."""
        draw, places = self.random, self.xy["residential"]
        near_m = draw.uniform(100, 400)
        share = draw.uniform(0.6, 0.95) if near is None else near

        def make(count):
            turn = draw.uniform(0, 2 * np.pi, count)
            away = (
                np.abs(draw.normal(near_m, near_m / 2, count))
                if off_m is None
                else np.full(count, off_m)
            )
            spot = places[draw.integers(0, len(places), count)]
            spot = spot + (away * [np.cos(turn), np.sin(turn)]).T
            alone = self.seats[draw.integers(0, len(self.seats), count)]
            alone = alone + draw.uniform(-across, across, (count, 2)) / 2
            return np.where((draw.random(count) < share)[:, None], spot, alone)

        self._kept("facilities", FACILITIES, make)

    def degrees(self, name, real):
        """Return what the ledger has: lon, lat as ``real`` (one or one a row) writes them."""
        xy = self.xy[name] + self.random.normal(0, self.rough_m, self.xy[name].shape)
        lon, lat = TO_DEGREES.transform(*xy.T)
        real = np.broadcast_to(real, len(xy))
        for datum in set(real):
            rows = real == datum
            lon[rows], lat[rows] = written_in(lon[rows], lat[rows], datum)
        decimals = int(self.random.integers(4, 7))
        return lon.round(decimals), lat.round(decimals)

    def layer(self, name, real="wgs84", declared="wgs84"):
        """Return the layer as it is read."""
        lon, lat = self.degrees(name, real)
        xy = np.column_stack(TO_METRES.transform(*to_wgs84(lon, lat, declared)))
        index = pd.Index([f"{name[0].upper()}{row}" for row in range(len(xy))], name="id")
        frame = gpd.GeoDataFrame(
            {"name": index, "unit": self.codes[name], "community": None},
            geometry=shapely.points(xy),
            index=index,
            crs=CRS,
        )
        return Layer(name, frame)

    def units(self, *, outlined=True):
        """Return the units, with their territories or as a list of codes."""
        frame = gpd.GeoDataFrame(
            {"code": self.codes_of, "name": self.codes_of},
            geometry=self.outlines if outlined else [None] * len(self.outlines),
            index=pd.Index(self.codes_of, name="id"),
            crs=CRS,
        )
        return Layer("units", frame)

    def records(self, within_m):
        """Return a record of each facility that stands so near to a place: it serves the nearest.

        Where that is over 200 m, any within it: such a record says little of the places.
        """
        away = self.xy["facilities"][:, None] - self.xy["residential"][None]
        away = np.hypot(*away.transpose(2, 0, 1))
        serves = [np.flatnonzero(row <= within_m) for row in away]
        pick = {
            n: some[away[n, some].argmin()] if within_m <= 200 else self.random.choice(some)
            for n, some in enumerate(serves)
            if len(some)
        }
        names = [f"F{n}" for n in pick], [f"R{n}" for n in pick.values()]
        return pd.DataFrame(dict(zip(("facility", "residential"), names, strict=True)))

    def problems(
        self,
        residential=("wgs84", "wgs84"),
        facilities=("wgs84", "wgs84"),
        *,
        outlined=True,
        records=NOTHING,
        degrees=(),
    ):
        """Return what ``check`` says; of each ledger (real datum, declared) is given.

        ``degrees``: the ledgers whose positions are degrees: notes are given on them.
        """
        given = {"residential": residential, "facilities": facilities}
        layers = {name: self.layer(name, *datums) for name, datums in given.items()}
        layers["units"] = self.units(outlined=outlined)
        written = {name: layers[name].frame for name in given}
        sources = {name: (f"{name}.xlsx", datums[1]) for name, datums in given.items()}
        sources["units"] = ("units.gpkg", "cgcs2000")
        return datum_problems(layers, written, records, None, sources, CRS, degrees=degrees)

    def heard(self, *ledgers, **more):
        """Return what is told, and what the planner is asked: (layer, datum, whether mixed)."""
        return said(self.problems(*ledgers, **more))

    def told(self, residential=("wgs84", "wgs84"), facilities=("wgs84", "wgs84"), **more):
        """Return what is told alone, as ``heard`` has it."""
        return self.heard(residential, facilities, **more)[0]

    def half(self, name, one, other="wgs84", how="half"):
        """Return a datum a row, half of them ``one``: any, the first, or every other."""
        count = len(self.xy[name])
        row = np.arange(count)
        moved = {
            HALF: self.random.permutation(count) < count // 2,
            FIRST: row < count // 2,
            TURNS: row % 2 == 1,
        }[how]
        return np.where(moved, one, other)


def said(problems):
    """Return what is told, and what the planner is asked: (layer, datum, whether mixed)."""
    mixed = {ProblemCode.DATUM_MIXED, ProblemCode.DATUM_ASKED}
    found = {True: set(), False: set()}
    for p in problems:
        if "datum" not in p.params:  # of outlines that are drawn off
            continue
        one = (p.layer, p.params["datum"], p.code in mixed)
        found[p.code is ProblemCode.DATUM_ASKED].add(one)
    return found[False], found[True]


RIGHT = ("wgs84", "wgs84")
CLEAN = {
    "clean, wgs84": (RIGHT, RIGHT),
    "remedied, both gcj02": (("gcj02", "gcj02"), ("gcj02", "gcj02")),
    "remedied, both bd09": (("bd09", "bd09"), ("bd09", "bd09")),
    "remedied, facilities gcj02": (RIGHT, ("gcj02", "gcj02")),
    "remedied, facilities bd09": (RIGHT, ("bd09", "bd09")),
}
ROUGH = {"clean, taken to 400 m": 400.0}
"""Districts whose positions are taken to so many metres (standard deviation, each way)."""
_SOME = HALF, FIRST, TURNS = "half", "first half", "every other"
CASES = {
    "both gcj02": (("gcj02", "wgs84"), ("gcj02", "wgs84")),
    "both bd09": (("bd09", "wgs84"), ("bd09", "wgs84")),
    "facilities gcj02": (RIGHT, ("gcj02", "wgs84")),
    "facilities bd09": (RIGHT, ("bd09", "wgs84")),
    "residential gcj02": (("gcj02", "wgs84"), RIGHT),
    "residential bd09": (("bd09", "wgs84"), RIGHT),
    "half of both gcj02": ((HALF, "gcj02"), (HALF, "gcj02")),
    "half of both bd09": ((HALF, "bd09"), (HALF, "bd09")),
    "half of residential gcj02": ((HALF, "gcj02"), RIGHT),
    "half of residential bd09": ((HALF, "bd09"), RIGHT),
    "half of facilities gcj02": (RIGHT, (HALF, "gcj02")),
    "half of facilities bd09": (RIGHT, (HALF, "bd09")),
    "both declared gcj02, are wgs84": (("wgs84", "gcj02"), ("wgs84", "gcj02")),
    "facilities declared gcj02, are wgs84": (RIGHT, ("wgs84", "gcj02")),
    "both declared gcj02, are bd09": (("bd09", "gcj02"), ("bd09", "gcj02")),
    "facilities declared gcj02, are bd09": (RIGHT, ("bd09", "gcj02")),
}
ORDERED = {
    f"{how} of {of} gcj02": case
    for how in (FIRST, TURNS)
    for of, case in {
        "both": ((how, "gcj02"), (how, "gcj02")),
        "residential": ((how, "gcj02"), RIGHT),
        "facilities": (RIGHT, (how, "gcj02")),
    }.items()
}


def expected(case):
    """Return what has to be said of a case."""
    found = set()
    for name, (real, other) in zip(("residential", "facilities"), case, strict=True):
        if real in _SOME:
            found.add((name, other, True))
        elif real != other:
            found.add((name, real, False))
    return found


def given(district, case):
    """Return the real datum of every row and the declared one, by layer."""
    names = ("residential", "facilities")
    return {
        name: (district.half(name, other, how=real), "wgs84") if real in _SOME else (real, other)
        for name, (real, other) in zip(names, case, strict=True)
    }


def figures(names, seeds, *, outlined=True, held=False):
    """Yield a case's name and shares.

    Told exactly; the right ledgers told; told or asked; another ledger told; another asked; and of
    the rows named in mixed ledgers those that were moved, and of those moved the ones named (at
    most twenty are named of each).
    """
    for name in names:
        case = {**CLEAN, **CASES, **ORDERED}.get(name, CLEAN["clean, wgs84"])
        want = expected(case)
        right = {one[:2] for one in want}
        count, rows = np.zeros(5), np.zeros(3)
        for seed in seeds:
            district = District(seed, rough_m=ROUGH.get(name, 10.0), held=held)
            datums = given(district, case)
            problems = district.problems(**datums, outlined=outlined)
            told, asked = said(problems)
            also, more = {one[:2] for one in told}, {one[:2] for one in asked}
            count += [
                told == want,
                also == right,
                also | more == right,
                bool(also - right),
                bool(more - right),
            ]
            rows += sum((_named(p, datums[p.layer][0]) for p in problems if "names" in p.params), 0)
        yield name, *(found / len(seeds) for found in count), *(rows[0] / np.maximum(rows[1:], 1))


def _named(problem, real):
    """Return how many rows named were moved, how many were named, and how many moved."""
    moved = np.flatnonzero(real == problem.params["datum"]) if not isinstance(real, str) else []
    names = {int(name[1:]) for name in problem.params["names"]}
    return np.array([len(names & {*moved}), len(names), len(moved)])


def outcome(problems, want):
    """Return what becomes of what has to be said: one of ``OUTCOMES``."""
    told, asked = said(problems)
    notes = [p.params for p in problems if p.code is ProblemCode.DATUM_UNTESTED]
    if told == want and not asked and want:
        return "exactly"
    if told or asked:
        return "partly" if told else "asked"
    if any("datums" in words for words in notes):
        return "half noted"
    return "towns noted" if notes else "silent"


def noted(names, seeds, options):
    """Print what becomes of each case, of the four counties and of the held one in turn."""
    more = {word: True for word in ("wide", "anywhere") if word in options}
    print("case", *OUTCOMES, sep=" | ")
    for name in names:
        case, found = {**CLEAN, **CASES, **ORDERED}[name], dict.fromkeys(OUTCOMES, 0)
        for seed in seeds:
            district = District(seed, held=seed % 5 == 4, **more)
            datums = given(district, case)
            records = district.records(200) if "records" in options else NOTHING
            both = {"degrees": {*datums}, "outlined": "codes" not in options}
            found[
                outcome(district.problems(**datums, records=records, **both), expected(case))
            ] += 1
        print(name, *found.values(), sep=" | ", flush=True)


def main():
    """Print the table: number of districts, the first seed, words of cases, options.

    ``codes``: without outlines; ``held``: of a county on which nothing was tuned. ``notes``: what
    becomes of each case instead, of ``wide`` territories, facilities ``anywhere``, with ``records``
    of the nearest place.
    """
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count, first = (*numbers, *(200, 0)[len(numbers) :])
    options = {"codes", "held", "notes", "wide", "anywhere", "records"}
    words = [word for word in sys.argv[1:] if not word.isdigit() and word not in options]
    names = [n for n in {**CLEAN, **ROUGH, **CASES, **ORDERED} if all(word in n for word in words)]
    if "notes" in sys.argv:
        noted([name for name in names if name not in ROUGH], range(first, first + count), sys.argv)
        return
    print("case | exactly | right ledgers | or asked | another | another asked | rows | of moved")
    print(" | ".join(["---"] * 8))
    outlined, held = "codes" not in sys.argv, "held" in sys.argv
    for name, *shares in figures(names, range(first, first + count), outlined=outlined, held=held):
        print(name, *(f"{share:.1%}" for share in shares), sep=" | ", flush=True)


if __name__ == "__main__":
    main()
