"""Whatever stands in a study file, what comes back is a study or problems that can be worded."""

import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.errors import StudyError
from lifecircle.intake import check_study, read_study
from lifecircle.intake.settings.file import read_study_file
from lifecircle.model.problem import Severity, describe

KEYS = st.sampled_from(
    [
        "study",
        "layers",
        "parameters",
        "readings",
        "indicators",
        "evidence",
        "name",
        "county",
        "standard",
        "as_of",
        "language",
        "crs",
        "headline",
        "banners",
        "attribution",
        "allow_outside",
        "residential",
        "facilities",
        "streets",
        "travel",
        "units",
        "path",
        "place",
        "sheet",
        "layer",
        "encoding",
        "coordinates",
        "columns",
        "households",
        "walk_speed_m_s",
        "snap_limit_m",
        "numerator",
        "unit",
        "limit",
    ]
) | st.text(max_size=6)
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "a\0b",
        "x" * 5000,
        "../a.csv",
        "/etc/hostname",
        "C:\\a.csv",
        "..\\a.csv",
        ".",
        "",
        "EPSG:4548",
        "EPSG:99999999999999999999",
        '{"type": 1}',
        "+proj=tmerc +lon_0=1e400",
        "postgresql://",
        "370828",
        "2025-02-30",
        "a.gdb",
        "/vsicurl/http://127.0.0.1:1/a.gpkg",
    ]
)
LEAVES = (
    TEXTS
    | st.integers()
    | st.sampled_from([10**400, -(10**400), True, False])
    | st.floats()
    | st.dates(dt.date(1, 1, 1), dt.date(9999, 1, 1))
    | st.datetimes()
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def toml(value):  # noqa: PLR0911 - one line a kind of value
    """Return a value in TOML's own notation."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode()).replace("\x7f", "\\u007f")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value)


GOOD = {
    "study": {
        "name": "县",
        "county": "370828",
        "standard": "jinxiang-2023",
        "as_of": dt.date(2025, 12, 31),
    },
    "layers": {
        "residential": {"path": "areas.csv", "coordinates": "cgcs2000"},
        "facilities": {"path": "areas.csv", "coordinates": "cgcs2000"},
    },
}


def places(document, at=()):
    """Yield the place of every table and value of a document."""
    for key, value in document.items():
        yield (*at, key)
        if isinstance(value, dict):
            yield from places(value, (*at, key))


@st.composite
def documents(draw):
    """A good study of which one or two values are replaced, dropped or added to."""
    document = json.loads(json.dumps(GOOD, default=lambda _: "2025-12-31"))
    for _ in range(draw(st.integers(1, 2))):
        *path, last = draw(st.sampled_from(sorted(places(document))))
        table = document
        for key in path:
            table = table[key]
        how = draw(st.sampled_from(["replace", "drop", "add"]))
        if how == "drop":
            del table[last]
        elif how == "add" and isinstance(table[last], dict):
            table[last][draw(KEYS)] = draw(VALUES)
        else:
            table[last] = draw(VALUES)
    return document


@pytest.fixture(scope="module")
def folder():
    made = Path(tempfile.mkdtemp())
    text = "name,kinds,households,lon,lat\n甲,托老所,10,117.0,35.0500\n"
    (made / "areas.csv").write_text(text, encoding="utf-8")
    yield made
    shutil.rmtree(made)


def holds(folder, raw):
    path = folder / "study.toml"
    path.write_bytes(raw)
    file, problems = read_study_file(path)
    assert (file is None) == (problems != ())
    study, problems = check_study(path)
    for problem in problems:
        for language in ("zh", "en"):
            assert all(describe(problem, language).values())
    if study is None:
        assert Severity.ERROR in {p.severity for p in problems}
        with pytest.raises(StudyError):
            read_study(path)


SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@settings(SLOW, max_examples=80)
@given(
    raw=st.binary(max_size=200) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace"))
)
def test_any_bytes(folder, raw):
    holds(folder, raw)


@SLOW
@given(document=st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_document(folder, document):
    holds(folder, "\n".join(f"{toml(k)} = {toml(v)}" for k, v in document.items()).encode())


@settings(SLOW, max_examples=120)
@given(document=documents())
def test_a_good_document_with_something_wrong(folder, document):
    holds(folder, "\n".join(f"{toml(k)} = {toml(v)}" for k, v in document.items()).encode())


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a" + ".a" * 100_000 + " = 1",
        "[parameters]\nsnap_limit_m = 1" + "0" * 5000,
        "[parameters]\nsnap_limit_m = 1" + "0" * 400,
        "[parameters]\nsnap_limit_m = 0x1" + "0" * 5000,
        "# " + "x" * (1 << 20),
    ],
    ids=["lists", "keys", "digits", "infinite", "hexadecimal", "size"],
)
def test_what_exhausts_a_reader(folder, text):
    holds(folder, text.encode())
