"""The table's rows for what a container said last before it ended; read before all others, as nothing is nearer.

The texts are those of libpq 18, of redis-py 7, and of the modules' own scripts (`bucket.py`, the Job of databases).
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import Rule, rule

LOG_RULES: tuple[Rule, ...] = (
    rule(
        # Of all that runs, the Job of databases alone uses psql.
        r"psql: error: .*password authentication failed for user \"(?P<role>[^\"]+)\"",
        "the PostgreSQL server refuses the password of its administrator {role}",
        "Give the one that your own server has: `{change}`; the installed server keeps the one it was made with.",
        "postgresql_external_password",
    ),
    rule(
        r"server does not support SSL, but SSL was required",
        "the PostgreSQL server doesn't encrypt connections, and they must be",
        "Have the server encrypt them, or do without: `{change}`.",
        "postgresql_external_ssl_mode",
    ),
    rule(
        r"No PostgreSQL server answers at (?P<server>\S+)",
        "no PostgreSQL server answers at {server}",
        "See that it runs, and that pods reach it; name another one with `{change}`.",
        "postgresql_external_host",
    ),
    rule(
        r"password authentication failed for user \"(?P<role>[^\"]+)\"",
        "the PostgreSQL server refuses the password of the role {role}",
        "Give the one that the server has: `{change}`.",
        "{module}_database_password",
    ),
    rule(
        r"\b(WRONGPASS|NOAUTH|invalid username-password pair|Authentication required)\b",
        "the Redis server refuses the password, or wants one",
        "Give the one that your own server has: `{change}`.",
        "valkey_external_password",
    ),
    rule(
        r"Bucket (?P<bucket>\S+) at (?P<store>\S+): .*\(NoSuchBucket\)",
        "the bucket {bucket} isn't in the store at {store}",
        "Make it there, then run `mlops-install apply {deployment}`; or name another one: `{change}`.",
        "mlflow_artifact_root",
    ),
    rule(
        r"Bucket \S+ at (?P<store>\S+): .*\(InvalidAccessKeyId\)",
        "the store at {store} doesn't know the access key",
        "Give one that it knows: `{change}`.",
        "object_store_external_access_key",
    ),
    rule(
        r"Bucket \S+ at (?P<store>\S+): .*\(SignatureDoesNotMatch\)",
        "the store at {store} refuses the secret key",
        "Give the one that belongs to the access key: `{change}`.",
        "object_store_external_secret_key",
    ),
    rule(
        r"Bucket \S+ at (?P<store>\S+): (?P<why>.+)",
        "the store at {store} can't be used: {why}",
        "See that pods reach it, or name another one: `{change}`.",
        "object_store_external_endpoint",
    ),
)
