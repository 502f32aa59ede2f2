"""The database itself refuses to change or delete what the journal holds: triggers on both databases.

The trigger of the entries also holds against TRUNCATE on PostgreSQL. A migration calls `install`.
"""

from typing import Any

TABLES = ("portal_journalentry", "portal_journalseal")
MESSAGE = "the journal only grows"


def sql_lists(vendor: str) -> tuple[list[str], list[str]]:
    """(statements that install, statements that remove) for `sqlite` or `postgresql`."""
    if vendor == "sqlite":
        return _sqlite()
    if vendor == "postgresql":
        return _postgresql()
    raise ValueError(f"no journal guards for {vendor}")


def _sqlite() -> tuple[list[str], list[str]]:
    on: list[str] = []
    off: list[str] = []
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            on.append(
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            off.append(f"DROP TRIGGER IF EXISTS {name}")
    return on, off


def _postgresql() -> tuple[list[str], list[str]]:
    on = [
        (
            "CREATE OR REPLACE FUNCTION portal_journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    ]
    off: list[str] = []
    for table in TABLES:
        row, whole = f"{table}_no_change", f"{table}_no_truncate"
        on += [
            f"DROP TRIGGER IF EXISTS {row} ON {table}",
            (
                f"CREATE TRIGGER {row} BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION portal_journal_only_grows()"
            ),
            f"DROP TRIGGER IF EXISTS {whole} ON {table}",
            (
                f"CREATE TRIGGER {whole} BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION portal_journal_only_grows()"
            ),
        ]
        off += [f"DROP TRIGGER IF EXISTS {row} ON {table}", f"DROP TRIGGER IF EXISTS {whole} ON {table}"]
    return on, [*off, "DROP FUNCTION IF EXISTS portal_journal_only_grows()"]


def install(connection: Any) -> None:
    """Create the triggers; harmless when they exist."""
    _run(connection, sql_lists(connection.vendor)[0])


def remove(connection: Any) -> None:
    """Drop them: for the backwards migration and for tests that damage the chain on purpose."""
    _run(connection, sql_lists(connection.vendor)[1])


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
