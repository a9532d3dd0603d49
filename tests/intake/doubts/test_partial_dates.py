"""Dates of 四同步 in any mix of readable forms: judged by the days that each leaves open."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, written

import lifecircle as lc

STEPS = ("规划", "建设", "验收", "交付")
COLUMNS = [f"{end}{step}日期" for step in STEPS for end in ("住宅", "养老设施")]
FULL = dict(
    zip(
        COLUMNS,
        [day for day in ("2023-01-10", "2023-05-10", "2024-03-10", "2024-05-10") for _ in "ab"],
        strict=True,
    )
)
LATE = 90
"""Days of grace of A30."""


def judged(folder, *rows):
    """Return how each row of dates meets 四同步, and the columns of its reversed dates."""
    text = (
        "编号,小区名称,规划户数,类别,城乡,X,Y,民政参与规划,民政参与验收," + ",".join(COLUMNS) + "\n"
    )
    rooms = "编号,设施名称,设施类型,状态,建筑面积,X,Y\n"
    for number, dates in enumerate(rows, 1):
        x = 500000 + 10000 * number
        cells = ",".join(dates.get(column, "") for column in COLUMNS)
        text += f"R{number},小区{number}号院,1000,新建,城镇,{x},3850000,是,是,{cells}\n"
        rooms += f"F{number},站{number},日间照料中心,运营,220,{x + 5},3850000\n"
    study = lc.read_study(written(folder, STUDY, r=text, f=rooms))
    found = lc.assess(study).findings.query("clause == 'CX-02'").set_index("id")["status"]
    told: dict[int, set[str]] = {}
    for problem in study.problems:
        if problem.code == "dates_reversed":
            told.setdefault(problem.row - 2, set()).add(problem.column)
    return [(str(found[f"R{n + 1}"]), told.get(n, set())) for n in range(len(rows))]


@pytest.mark.parametrize(
    ("dates", "status", "reversed_"),
    [
        ({}, "compliant", set()),
        ({"养老设施建设日期": "2023年5月"}, "compliant", set()),  # 21 days late at most
        ({"养老设施建设日期": "2023"}, "not_assessed", set()),  # up to 235 days
        ({"养老设施建设日期": "2022年底"}, "compliant", {"养老设施建设日期"}),
        ({"养老设施建设日期": "2022年"}, "compliant", {"养老设施建设日期"}),
        ({"养老设施建设日期": "2024年"}, "deficient", set()),  # 236 days at least
        ({"住宅建设日期": "2022"}, "deficient", {"住宅建设日期"}),  # 130 days at least
        ({"住宅规划日期": "2023年"}, "compliant", set()),
        ({"住宅规划日期": "2024年", "养老设施规划日期": "2024年"}, None, None),
        ({name: day[:7] for name, day in FULL.items()}, "compliant", set()),
    ],
)
def test_a_month_or_a_year_among_days(tmp_path, dates, status, reversed_):
    ((got, told),) = judged(tmp_path, FULL | dates)
    if status is None:  # both planned in the year after they were built
        assert told == {"住宅建设日期", "养老设施建设日期"}
        return
    assert (got, told) == (status, reversed_)


def days_of(text):
    """Return the first and last day of a form below."""
    if len(text) == len("2023-01-10"):
        return (dt.date.fromisoformat(text),) * 2
    year = int(text[:4])
    if "月" in text:
        month = int(text[5:-1])
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return dt.date(year, month, 1), after - dt.timedelta(days=1)
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


FORMS = [
    form.format(y=year, m=month)
    for year, month in product((2022, 2023, 2024), (1, 4, 12))
    for form in ("{y}-{m:02d}-10", "{y}年{m}月", "{y}", "{y}年")
]
ROWS = st.fixed_dictionaries({}, optional={name: st.sampled_from(FORMS) for name in COLUMNS})


@settings(max_examples=4, deadline=None)
@given(rows=st.lists(ROWS, min_size=12, max_size=12))
def test_any_mix_is_judged_by_its_days(tmp_path_factory, rows):
    for dates, (status, told) in zip(
        rows, judged(tmp_path_factory.mktemp("dates"), *rows), strict=True
    ):
        ends = {name: days_of(text) for name, text in dates.items()}
        least, most = [], []
        for step in STEPS:
            pair = [ends.get(f"{end}{step}日期") for end in ("住宅", "养老设施")]
            known = None not in pair
            least.append((pair[1][0] - pair[0][1]).days if known else None)
            most.append((pair[1][1] - pair[0][0]).days if known else None)
        late = any(lag is not None and lag > LATE for lag in least)
        sound = all(lag is not None and lag <= LATE for lag in most)
        assert status == ("deficient" if late else "compliant" if sound else "not_assessed")
        for end in ("住宅", "养老设施"):
            series = [f"{end}{step}日期" for step in STEPS if f"{end}{step}日期" in ends]
            wrong = [
                later
                for number, later in enumerate(series)
                if any(ends[later][1] < ends[one][0] for one in series[:number])
            ]
            assert bool(wrong) == bool(told & set(series))
            assert told & set(series) <= set(wrong)
