"""Serve Prefect's API, page and services from one process; run by Prefect's own Python.

The same as `prefect server start` (prefect 3.8.8, prefect/cli/_server_utils.py, `_run_in_foreground`), which does it
in one process as well, but without the command line's imports and, for a new database, without its migrations.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from pathlib import Path

import sqlite_schema

SCHEMA = Path(__file__).with_name("prefect_schema.sql")


def serve(port: int) -> None:
    """Serve on 127.0.0.1 until a signal comes; the database is prefect.db in PREFECT_HOME."""
    if sqlite_schema.prepare(Path(os.environ["PREFECT_HOME"]) / "prefect.db", SCHEMA, "prefect"):
        os.environ["PREFECT_SERVER_DATABASE_MIGRATE_ON_START"] = "false"
    # Collections while modules load find nothing to free and only cost time.
    gc.disable()
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(final=True)
    gc.freeze()
    gc.enable()
    # Else the end waits for every open page and worker to let go of its connection.
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


def print_schema() -> None:
    """Print the schema that Prefect's own migrations make."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "prefect.db"
        os.environ["PREFECT_HOME"] = folder
        from prefect.server.database import provide_database_interface

        async def migrate() -> None:
            interface = provide_database_interface()
            await interface.create_db()
            await (await interface.engine()).dispose()

        asyncio.run(migrate())
        sys.stdout.write(sqlite_schema.render(database, "prefect"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve Prefect on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument("--print-schema", action="store_true")
    arguments = parser.parse_args()
    if arguments.print_schema:
        print_schema()
    else:
        serve(arguments.port)


if __name__ == "__main__":
    main()
