"""A column of terms: `tsvector` behind a GIN index on PostgreSQL, the text of an FTS5 table on SQLite.

Both keep sorted lists of rows per term and read them without touching the rows; neither needs an extension (pg_trgm
and FTS5's trigrams know no words of two characters, which are most words).
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup


class TermsField(models.TextField):
    """A set of terms without blanks; compared with `match` only."""

    def db_type(self, connection: Any) -> str:
        """Of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_prep_value(self, value: Iterable[str]) -> str:
        """In order, so that the same set is the same text."""
        return " ".join(sorted(value))

    def from_db_value(self, value: str, expression: Any, connection: Any) -> frozenset[str]:
        """PostgreSQL gives 'a' 'b', SQLite a b."""
        return frozenset(value.replace("'", "").split())


@TermsField.register_lookup
class Match(Lookup):
    """`terms__match=[["清白"], ["kind1", "kind2"]]`: 清白, and one of the two kinds."""

    lookup_name = "match"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`terms @@ query`."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, _joined(self.rhs, "'", " | ", " & ")]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """FTS5 is asked through the column that has the table's own name."""
        table = connection.ops.quote_name(self.lhs.target.model._meta.db_table)
        alias = connection.ops.quote_name(self.lhs.alias)
        return f"{alias}.{table} MATCH %s", [_joined(self.rhs, '"', " OR ", " AND ")]


@TermsField.register_lookup
class Walk(Match):
    """The same question, which PostgreSQL cannot answer from the index: for rows that are walked anyway."""

    lookup_name = "walk"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The function behind the operator."""
        column, params = self.process_lhs(compiler, connection)
        return f"ts_match_vq({column}, %s::tsquery)", [*params, _joined(self.rhs, "'", " | ", " & ")]


def _joined(groups: Iterable[Iterable[str]], quote: str, any_of: str, all_of: str) -> str:
    """Terms hold letters and digits only (rules.runs), so there is nothing to escape."""
    return all_of.join(f"({any_of.join(f'{quote}{term}{quote}' for term in group)})" for group in groups)


def statements(vendor: str) -> tuple[list[str], list[str]]:
    """(what makes the table, what removes it)."""
    if vendor == "postgresql":
        make = [
            (
                'CREATE TABLE families_worksearch ("rowid" bigint PRIMARY KEY, "work_id" bigint NOT NULL UNIQUE, '
                '"terms" tsvector NOT NULL)'
            ),
            # Writes go into the index at once: a pending list would have to be read by every search.
            (
                "CREATE INDEX families_worksearch_terms ON families_worksearch "
                'USING gin ("terms") WITH (fastupdate = off)'
            ),
            # The planner has to know how common a word is: newest first for common ones, the index for rare ones.
            'ALTER TABLE families_worksearch ALTER COLUMN "terms" SET STATISTICS 500',
        ]
    else:
        make = [
            (
                "CREATE VIRTUAL TABLE families_worksearch USING fts5"
                "(terms, work_id UNINDEXED, detail=none, columnsize=0, tokenize='ascii')"
            )
        ]
    return make, ["DROP TABLE families_worksearch"]
