"""An Assessment into a real PostGIS server, and back."""

import json
import shutil

import geopandas as gpd
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.errors import OutputError
from lifecircle.outputs import write_postgis
from lifecircle.outputs.saved.geopackage import layer_frame, table_frames

sa = pytest.importorskip("sqlalchemy", reason="the extra db is not installed")

SCHEMA = '结果"; DROP SCHEMA public; --'


@pytest.fixture(scope="module")
def assessment(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("study") / "guixi"
    shutil.copytree(request.config.rootpath / "data" / "guixi", folder)
    return lc.assess(lc.read_study(folder))


def rows(database, sql, **params):
    with database.begin() as connection:
        return connection.execute(sa.text(sql), params).all()


def tables(database, schema):
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema"
    return {name for (name,) in rows(database, sql, schema=schema)}


def test_everything_comes_back_as_it_was(database, assessment):
    written = write_postgis(assessment, database.study_url, SCHEMA)
    assert tables(database, SCHEMA) == set(written)
    name = '"' + SCHEMA.replace('"', '""') + '"'
    expected = layer_frame(assessment, "residential").set_index("id").sort_index()
    found = gpd.read_postgis(
        f"SELECT * FROM {name}.residential ORDER BY id",  # noqa: S608 - quoted above
        database,
        geom_col="geometry",
        index_col="id",
    ).sort_index()
    assert found.crs == assessment.crs
    assert list(found["name"]) == list(expected["name"])
    assert found.geometry.geom_equals(expected.geometry).all()
    pd.testing.assert_series_equal(
        found["radius_m"].astype(float), expected["radius_m"].astype(float), check_index_type=False
    )
    findings = rows(database, f"SELECT count(*) FROM {name}.findings")  # noqa: S608
    assert findings == [(len(table_frames(assessment)["findings"]),)]
    ((document,),) = rows(database, f"SELECT document FROM {name}.assessment")  # noqa: S608
    assert document["study"] == assessment.study
    assert len(document["clauses"]) == len(assessment.clauses)
    assert json.dumps(document)


def test_a_second_assessment_replaces_the_first(database, assessment):
    write_postgis(assessment, database.study_url)
    before = tables(database, "lifecircle")
    write_postgis(assessment, database.study_url)
    assert tables(database, "lifecircle") == before
    count = rows(database, "SELECT count(*) FROM lifecircle.assessment")
    assert count == [(1,)]


def test_a_table_of_somebody_else_is_left_alone_and_nothing_is_written(database, assessment):
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE public.residential (name text)"))
        connection.execute(sa.text("INSERT INTO public.residential VALUES ('台账')"))
    with pytest.raises(OutputError, match=r"public\.residential"):
        write_postgis(assessment, database.study_url, "public")
    assert rows(database, "SELECT name FROM public.residential") == [("台账",)]
    assert "findings" not in tables(database, "public")


def test_no_server_is_said_without_the_password(assessment):
    with pytest.raises(OutputError) as caught:
        write_postgis(assessment, "postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(caught.value)
    with pytest.raises(OutputError, match="no name for a schema"):
        write_postgis(assessment, "postgresql://u@127.0.0.1:1/d", "s" * 64)
