"""Many small counts in one question. The frame and the workbench ask a dozen slices how much waits for a person; each
count alone costs a way to the database and back, and a count is all most of them have to say."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Rows = QuerySet[Any]
Countable = Rows | Sequence[Rows] | int | None


def count_each(asked: Mapping[str, Countable], *, most: int) -> dict[str, int | None]:
    """How many rows each has, at most `most` of one; several querysets under one name are added. Numbers stay as they
    are. One query for all."""
    questions: list[tuple[str, str, Sequence[Any]]] = []
    found: dict[str, int | None] = {}
    for name, value in asked.items():
        if value is None or isinstance(value, int):
            found[name] = value
            continue
        found[name] = 0
        for rows in [value] if isinstance(value, QuerySet) else value:
            question = _question(rows, most)
            if question is not None:
                questions.append((name, *question))
    if questions:
        # The texts are Django's own, and every value goes as a parameter.
        texts = [sql for _name, sql, _params in questions]
        parts = [f"(SELECT COUNT(*) FROM ({sql}) q{number})" for number, sql in enumerate(texts)]  # noqa: S608  # nosec B608
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join(parts), [one for _name, _sql, params in questions for one in params]
            )
            numbers = cursor.fetchone()
        for (name, _sql, _params), number in zip(questions, numbers, strict=True):
            found[name] = min((found[name] or 0) + number, most)
    return found


def _question(rows: Rows, most: int) -> tuple[str, Sequence[Any]] | None:
    """None for rows that cannot exist, such as those of a right that is not held."""
    if rows.query.is_empty():
        return None
    query: Any = rows.values("pk").query
    query.clear_ordering(force=True)
    if not query.is_sliced:
        query.set_limits(high=most)
    try:
        sql, params = query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params
