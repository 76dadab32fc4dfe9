"""Make a tool's SQLite database from the schema shipped beside this file, instead of by its migrations.

A new database would go through every migration that the tool ever had: 7 s of processor time for Prefect 3.8.8.
The shipped schema is what these migrations end in, revision included, printed by the tool's own launch script
(`--print-schema`); it is used for exactly the version it was printed from, anything else migrates as usual.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import sqlite3
from pathlib import Path

TABLES_WITH_ROWS = ("alembic_version", "workspaces")
"""Tables whose rows the migrations write themselves."""


def render(database: Path, package: str) -> str:
    """Return the SQL that makes an empty copy of a migrated database, its first line naming the package's version."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = [
            line
            for line in connection.iterdump()
            if not line.startswith("INSERT INTO") or line.split('"')[1] in TABLES_WITH_ROWS
        ]
    lines = "\n".join(rows).splitlines()
    return "\n".join([_first_line(package), *(line.rstrip() for line in lines)]) + "\n"


def prepare(database: Path, schema: Path, package: str) -> bool:
    """Make the database where there is none; return whether it is at the installed version's newest revision.

    False says nothing about the database: the tool's own migrations decide then.
    """
    if not schema.exists():
        return False
    text = schema.read_text(encoding="utf-8")
    if text.partition("\n")[0] != _first_line(package):
        return False
    if not database.exists():
        _create(database, text)
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text)
        newest = _revision(connection)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return _revision(connection) == newest


def _create(database: Path, text: str) -> None:
    # Under another name first: an interrupted start must not leave half a schema behind.
    unfinished = database.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(unfinished)) as connection:
        connection.executescript(text)
    unfinished.replace(database)


def _revision(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    return None if row is None else str(row[0])


def _first_line(package: str) -> str:
    return f"-- {package} {importlib.metadata.version(package)}"
