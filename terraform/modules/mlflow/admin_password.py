"""Write the administrator's password into MLflow's database of users; run by MLflow's own image as `python -c`.

MLflow takes the password from its configuration only when it makes the user: a rotated one would never arrive. By SQL,
because MLflow's own API takes as long to import as the server does (table and hash: MLflow 3.15, mlflow/server/auth).
"""

from __future__ import annotations

import os

import psycopg2
from werkzeug.security import generate_password_hash


def main() -> None:
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
    main()
