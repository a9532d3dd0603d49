"""A database of its own for every test, on the server that ``.ci/postgis`` starts."""

import os
import uuid

import pytest

URL = os.environ.get("LIFECIRCLE_TEST_POSTGIS")


@pytest.fixture
def database():
    if URL is None:
        pytest.skip("no PostGIS server in LIFECIRCLE_TEST_POSTGIS (see .ci/postgis)")
    sa = pytest.importorskip("sqlalchemy", reason="the extra db is not installed")
    pytest.importorskip("psycopg", reason="the extra db is not installed")
    pytest.importorskip("geoalchemy2", reason="the extra db is not installed")
    name = f"test_{uuid.uuid4().hex}"
    address = sa.engine.make_url(URL).set(drivername="postgresql+psycopg")
    server = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine = sa.create_engine(address.set(database=name), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE EXTENSION postgis"))
    engine.study_url = address.set(drivername="postgresql", database=name).render_as_string(
        hide_password=False
    )
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
