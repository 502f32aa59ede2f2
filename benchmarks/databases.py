"""Which database is measured: PostgreSQL when a server answers, else SQLite."""

import os
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

SERVER = os.environ.get("PORTAL_BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def postgres_for(name: str) -> str:
    """The address of a database of its own for this size, created when missing; '' without a server."""
    import psycopg2  # deferred: only this question needs the driver here

    try:
        connection = psycopg2.connect(SERVER, connect_timeout=2)
    except psycopg2.OperationalError:
        return ""
    connection.autocommit = True  # CREATE DATABASE runs in no transaction, so no `with connection` here
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
