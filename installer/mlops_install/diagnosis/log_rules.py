"""The table's rows for what a container said last before it ended; read before all others, as nothing is nearer.

The texts are those of libpq 18 (fe-connect.c), asyncpg 0.30, redis-py 7 and valkey 9, and of the modules' own scripts
(`bucket.py`, the Job of databases). A server's own log says some of them too, of whoever knocks: each row is bound to
the modules that are clients.
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import Rule, Source, rule

_CLIENTS = ("mlflow", "prefect", "feast", "jupyterhub")
"""Have a database each."""
_CONNECTION = r'connection to server at "[^"]+"[^\n]*'
_BUCKET = r"^Bucket (?P<bucket>\S+) at (?P<store>https?://\S+|AWS): "

LOG_RULES: tuple[Rule, ...] = (
    rule(
        # Of all that runs, the Job of databases alone uses psql.
        rf'^psql: error: {_CONNECTION}FATAL: +password authentication failed for user "(?P<role>[^"]+)"',
        Source.CONTAINER,
        "the PostgreSQL server refuses the password of its administrator {role}",
        "Give the one that your own server has: {change}; the installed server keeps the one it was made with.",
        "postgresql_external_password",
        secret=True,
        modules=("postgresql",),
    ),
    rule(
        rf"{_CONNECTION} failed: server does not support SSL, but SSL was required"
        r'|\bConnectionError: PostgreSQL server at "[^"]+" rejected SSL upgrade',
        Source.CONTAINER,
        "the PostgreSQL server doesn't encrypt connections, and they must be",
        "Have the server encrypt them, or do without: {change}.",
        "postgresql_external_ssl_mode",
        modules=("postgresql", *_CLIENTS),
    ),
    rule(
        r"^No PostgreSQL server answers at (?P<server>\S+:\d+)$",
        Source.CONTAINER,
        "no PostgreSQL server answers at {server}",
        "See that it runs, and that pods reach it; name another one with {change}.",
        "postgresql_external_host",
        modules=("postgresql",),
    ),
    rule(
        rf"(?:{_CONNECTION}FATAL: +|\bInvalidPasswordError: )"
        r'password authentication failed for user "(?P<role>[^"]+)"',
        Source.CONTAINER,
        "the PostgreSQL server refuses the password of the role {role}",
        "Give the one that the server has: {change}.",
        "{module}_database_password",
        secret=True,
        modules=_CLIENTS,
    ),
    rule(
        r"\bWRONGPASS invalid username-password pair\b|\bNOAUTH Authentication required\."
        r"|\bredis\.exceptions\.AuthenticationError: (?:invalid username-password pair|Authentication required\.)",
        Source.CONTAINER,
        "the Redis server refuses the password, or wants one",
        "Give the one that your own server has: {change}.",
        "valkey_external_password",
        secret=True,
        modules=("feast",),
    ),
    rule(
        _BUCKET + r".*\(NoSuchBucket\)$",
        Source.CONTAINER,
        "the bucket {bucket} isn't in the store at {store}",
        "Make it there, then run {again}; or name another one: {change}.",
        "mlflow_artifact_root",
        modules=("mlflow",),
    ),
    rule(
        _BUCKET + r".*\(InvalidAccessKeyId\)$",
        Source.CONTAINER,
        "the store at {store} doesn't know the access key",
        "Give one that it knows: {change}.",
        "object_store_external_access_key",
        secret=True,
        modules=("mlflow",),
    ),
    rule(
        _BUCKET + r".*\(SignatureDoesNotMatch\)$",
        Source.CONTAINER,
        "the store at {store} refuses the secret key",
        "Give the one that belongs to the access key: {change}.",
        "object_store_external_secret_key",
        secret=True,
        modules=("mlflow",),
    ),
    rule(
        _BUCKET + r"(?P<why>.+)$",
        Source.CONTAINER,
        "the store at {store} can't be used: {why}",
        "See that pods reach it, or name another one: {change}.",
        "object_store_external_endpoint",
        modules=("mlflow",),
    ),
)
