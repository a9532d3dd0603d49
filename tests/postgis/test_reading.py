"""Layers out of a real PostGIS server."""

import datetime as dt

import geopandas as gpd
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.sources.tables.files import fingerprint, read_table
from lifecircle.texts import LANGUAGES, word

sa = pytest.importorskip("sqlalchemy", reason="the extra db is not installed")

NAMES = ['养老"设施"; DROP TABLE x; --', "金乡.设施 100%", "a'b\\c :name", "设施"]
POINTS = [shapely.Point(117.0, 35.05), None]


def run(database, sql, **params):
    with database.begin() as connection:
        return connection.execute(sa.text(sql), params)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def fill(database, name="设施", schema="public"):
    table = f"{quoted(schema)}.{quoted(name)}"
    with database.begin() as connection:  # no parameters: the names hold ':' and '%'
        cursor = connection.connection.cursor()
        cursor.execute(
            f'CREATE TABLE {table} ("设施""名称""" text, 床位数 int, "%类型" text, '
            "g geometry(Point, 4490))"
        )
        cursor.execute(
            f"INSERT INTO {table} VALUES ('东园站', 10, '托老所', 'SRID=4490;POINT(117 35.05)'), "  # noqa: S608
            "('  ', 20, NULL, NULL)"
        )


def read(database, layer, **options):
    return read_table(database.study_url, name="facilities", layer=layer, **options)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_any_name_is_read(database, name):
    fill(database, name)
    fill(database, "other")
    table, problems = read(database, name)
    assert problems == ()
    assert table.frame.to_dict("list") == {
        '设施"名称"': ["东园站", None],
        "床位数": [10, 20],
        "%类型": ["托老所", None],
    }
    assert [type(v) for v in table.frame["床位数"]] == [int, int]
    assert table.geometry[0].equals(POINTS[0])
    assert table.geometry[1] is None
    assert "4490" in table.crs
    assert (list(table.rows), table.sheet) == ([1, 2], f"public.{name}")


def test_the_only_spatial_table_needs_no_name(database):
    fill(database)
    assert len(read(database, None)[0]) == 2
    fill(database, "另一")
    table, (problem,) = read(database, None)
    assert (table, problem.code) == (None, P.SHEET_MISSING)
    assert problem.params == {"sheets": ["public.另一", "public.设施"]}
    table, (problem,) = read(database, "没有")
    assert (table, problem.code, problem.sheet) == (None, P.SHEET_MISSING, "没有")


def test_a_schema_tells_tables_of_one_name_apart(database):
    run(database, 'CREATE SCHEMA "甲"')
    run(database, 'CREATE SCHEMA "乙"')
    fill(database, "设施", schema="甲")
    assert len(read(database, "设施")[0]) == 2
    fill(database, "设施", schema="乙")
    assert read(database, "设施")[0] is None
    assert read(database, "乙.设施")[0].sheet == "乙.设施"


def test_values_views_and_systems_of_a_database(database):
    run(
        database,
        "CREATE TABLE t (id bigint PRIMARY KEY, 面积 numeric(8,2), 户数 numeric, 日期 date, "
        "有 boolean, 数组 int[], 空 text, n float8, g geometry)",
    )
    run(
        database,
        "INSERT INTO t VALUES (2, 12.50, 30, '2020-05-01', true, '{1,2}', '', 'NaN', "
        "'SRID=4527;CIRCULARSTRING(39500000 3880000, 39500010 3880010, 39500020 3880000)'), "
        "(1, NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL)",
    )
    run(database, "CREATE VIEW v AS SELECT * FROM t WHERE id = 2")
    table, _ = read(database, "t")
    assert table.frame.to_dict("list") == {
        "id": [1, 2],
        "面积": [None, 12.5],
        "户数": [None, 30],
        "日期": [None, dt.date(2020, 5, 1)],
        "有": [None, True],
        "数组": [None, "[1, 2]"],
        "空": [None, None],
        "n": [None, None],
    }
    assert table.geometry[1].geom_type == "LineString"
    assert "4527" in table.crs
    assert list(read(database, "v")[0].frame["id"]) == [2]
    run(database, "INSERT INTO t (id, g) VALUES (3, 'SRID=4490;POINT(117 35)')")
    assert read(database, "t")[0].crs is None  # two systems in one table


def test_the_digest_follows_the_rows_not_their_order(database):
    run(database, "CREATE TABLE t (a text, g geometry)")
    run(database, "INSERT INTO t VALUES ('x', NULL), ('y', NULL)")
    first = fingerprint(database.study_url, "t")
    assert len(first) == 64
    run(database, "UPDATE t SET a = 'x' WHERE a = 'x'")  # moves the row
    assert fingerprint(database.study_url, "t") == first
    run(database, "UPDATE t SET a = 'z' WHERE a = 'x'")
    assert fingerprint(database.study_url, "t") != first


def test_reading_cannot_write(database):
    run(database, "CREATE TABLE log (x int)")
    run(
        database,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO log VALUES (1) RETURNING x'",
    )
    run(database, "CREATE VIEW v AS SELECT f() AS name")
    table, (problem,) = read(database, "v")
    assert (table, problem.code) == (None, P.DATABASE_FAILED)
    assert problem.params["detail"] == "db_writes"


def test_no_server_and_no_right_are_said_without_the_password(database):
    url = "postgresql://planner:secret@127.0.0.1:1/county?application_name=secret"
    table, (problem,) = read_table(url, name="facilities")
    assert (table, problem.code, problem.severity) == (None, P.DATABASE_FAILED, Severity.ERROR)
    assert problem.file == "postgresql://planner:***@127.0.0.1:1/county"
    assert "secret" not in str(problem)
    wrong = database.study_url.replace("lifecircle:", "lifecircle:wrong")
    _, (problem,) = read_table(wrong, name="facilities")
    assert problem.code is P.DATABASE_FAILED
    assert "wrong" not in str(problem)


def test_what_the_server_says_is_told_in_words_and_shown_to_who_asks(monkeypatch):
    psycopg = pytest.importorskip("psycopg", reason="the extra db is not installed")
    from lifecircle.sources.tables import postgis  # noqa: PLC0415 - needs the extra

    class Refusal(psycopg.Error):
        sqlstate = "42501"

    said = {
        'connection failed: FATAL: password authentication failed for user "a"': "db_password",
        'connection failed: FATAL: database "b" does not exist': "db_missing",
        'connection to server at "10.0.0.1" failed: Connection refused': "db_unreachable",
        "[Errno -2] Name or service not known": "db_unreachable",
        "connection timeout expired": "db_unreachable",
    }
    for text, detail in said.items():
        error = sa.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError(text))
        assert postgis._detail(error) == detail
    error = sa.exc.ProgrammingError("SELECT 1", {}, Refusal("permission denied for table t"))
    assert postgis._detail(error) == "db_rights"
    for detail in (*said.values(), "db_rights", "db_failed", "db_busy", "db_spatial", "db_writes"):
        for language in LANGUAGES:
            assert word("detail", detail, language) != detail
    monkeypatch.setenv("LIFECIRCLE_DEBUG", "1")
    assert postgis._detail(error) == "permission denied for table t"


def test_a_server_that_is_not_there_is_told_in_words():
    pytest.importorskip("psycopg", reason="the extra db is not installed")
    _, (problem,) = read_table("postgresql://a@127.0.0.1:1/b", name="facilities")
    assert problem.params == {"detail": "db_unreachable"}


def test_a_study_out_of_a_database(database, tmp_path):
    areas = gpd.GeoDataFrame(
        {"编号": ["R1"], "小区名称": ["东园"], "户数": [100]},
        geometry=[shapely.box(500_000, 3_880_000, 500_200, 3_880_200)],
        crs=4548,
    )
    areas.to_postgis("小区", database)
    gpd.GeoDataFrame(
        {"设施名称": ["甲"], "设施类型": ["托老所"]},
        geometry=[shapely.Point(500_100, 3_880_100)],
        crs=4548,
    ).to_postgis('设"施', database)
    gpd.GeoDataFrame(
        {"highway": ["residential"]},
        geometry=[shapely.LineString([(500_000, 3_880_000), (500_300, 3_880_000)])],
        crs=4548,
    ).to_postgis("道路", database)
    url = database.study_url
    (tmp_path / "study.toml").write_text(
        f"""[study]
name = "县"
county = "370828"
standard = "jinxiang-2023"
as_of = 2025-12-31
crs = "EPSG:4548"
[layers.residential]
path = "{url}"
layer = "小区"
[layers.facilities]
path = "{url}"
layer = 'public.设"施'
[layers.streets]
path = "{url}"
layer = "道路"
""",
        encoding="utf-8",
    )
    study, problems = check_study(tmp_path)
    assert [p for p in problems if p.severity is not Severity.INFO] == []
    assert list(study.residential.frame.index) == ["R1"]
    assert list(study.facilities.frame["name"]) == ["甲"]
    assert len(study.streets) == 1
    paths = [i.path for i in study.inputs if i.path != "study.toml"]
    assert {p.split(" ", 1)[1] for p in paths} == {"小区", 'public.设"施', "道路"}
    assert all(":***@" in p for p in paths)
