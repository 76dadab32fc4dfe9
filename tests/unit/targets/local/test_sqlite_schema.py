"""The shipped schema makes a database for exactly the version it was printed from."""

from __future__ import annotations

import contextlib
import importlib.metadata
import runpy
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = Path(__file__).parents[4] / "installer" / "mlops_install" / "targets" / "local" / "tools" / "programs"
PACKAGE = "pytest"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(PROGRAMS / "sqlite_schema.py"))


@pytest.fixture
def schema(tmp_path: Path, script: dict[str, Any]) -> Path:
    database = tmp_path / "printed.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('head');"
            "CREATE TABLE runs (name TEXT); INSERT INTO runs VALUES ('of somebody');"
        )
    path = tmp_path / "schema.sql"
    path.write_text(script["render"](database, PACKAGE))
    return path


def test_a_new_database_has_the_schema_and_no_rows(tmp_path: Path, schema: Path, script: dict[str, Any]) -> None:
    prepare: Callable[[Path, Path, str], bool] = script["prepare"]
    database = tmp_path / "new.db"
    assert prepare(database, schema, PACKAGE)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (0,)
        connection.execute("INSERT INTO runs VALUES ('kept')")
        connection.commit()
    assert prepare(database, schema, PACKAGE)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT name FROM runs").fetchall() == [("kept",)]


def test_another_version_is_left_to_the_tools_migrations(tmp_path: Path, schema: Path, script: dict[str, Any]) -> None:
    version = importlib.metadata.version(PACKAGE)
    schema.write_text(schema.read_text().replace(f"-- {PACKAGE} {version}", f"-- {PACKAGE} 0"))
    assert not script["prepare"](tmp_path / "new.db", schema, PACKAGE)
    assert not (tmp_path / "new.db").exists()


def test_a_database_of_an_earlier_revision_is_not_touched(tmp_path: Path, schema: Path, script: dict[str, Any]) -> None:
    database = tmp_path / "old.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num TEXT);INSERT INTO alembic_version VALUES ('earlier');"
        )
    before = database.read_bytes()
    assert not script["prepare"](database, schema, PACKAGE)
    assert database.read_bytes() == before


@pytest.mark.parametrize("name", ["mlflow_schema.sql", "prefect_schema.sql"])
def test_the_shipped_schemas_are_complete_sql_with_one_revision(name: str) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((PROGRAMS / name).read_text())
        assert len(connection.execute("SELECT version_num FROM alembic_version").fetchall()) == 1
