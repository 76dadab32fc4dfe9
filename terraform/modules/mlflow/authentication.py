"""Write the file that MLflow's login reads, and the administrator's password into its database of users.

Run by MLflow's own image as `python -c`, before each start. MLflow takes the password from the file only when it makes
the user: a rotated one would never arrive. By SQL, because MLflow's own API takes as long to import as the server does
(keys, table and hash: MLflow 3.15, mlflow/server/auth).
"""

from __future__ import annotations

import configparser
import os
from urllib.parse import quote

import psycopg2
from werkzeug.security import generate_password_hash


def write_config(path: str) -> None:
    role = ":".join(quote(os.environ[name], safe="") for name in ("PGUSER", "PGPASSWORD"))
    place = f"{os.environ['PGHOST']}:{os.environ['PGPORT']}/{os.environ['AUTH_DATABASE']}"
    settings = {
        "default_permission": os.environ["DEFAULT_PERMISSION"],
        # SQLAlchemy 2.1 reads a plain postgresql:// as psycopg 3, which the image lacks.
        "database_uri": f"postgresql+psycopg2://{role}@{place}",
        "admin_username": os.environ["ADMIN_USERNAME"],
        "admin_password": os.environ["ADMIN_PASSWORD"],
        "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
    }
    config = configparser.ConfigParser()
    # MLflow reads the file with the same class, to which a single % means something.
    config["mlflow"] = {name: value.replace("%", "%%") for name, value in settings.items()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        config.write(file)


def write_password() -> None:
    # Host, port, user, password and encryption come from libpq's own variables.
    connection = psycopg2.connect(dbname=os.environ["AUTH_DATABASE"])
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('users')")
        # Before the first start there is no table yet.
        if cursor.fetchone() != (None,):
            password_hash = generate_password_hash(os.environ["ADMIN_PASSWORD"])
            update = "UPDATE users SET password_hash = %s, is_admin = true WHERE username = %s"
            cursor.execute(update, (password_hash, os.environ["ADMIN_USERNAME"]))
    connection.close()


if __name__ == "__main__":
    write_config(os.environ["AUTH_CONFIG"])
    write_password()
