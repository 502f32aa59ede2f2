"""What a list is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import django_filters
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from portal.access.scope import Scope

Text = str | Promise


@lru_cache(maxsize=512)
def _labels(model: type[Model], name: str) -> dict[Any, Text]:
    return dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]


def choice(name: str) -> Callable[[Any], Any]:
    """The words of a field with choices, for `Column.value`. `get_…_display` reads the whole table of choices anew
    for every row."""

    def value(row: Any) -> Any:
        code = getattr(row, name)
        return _labels(type(row), name).get(code, code)

    return value


@dataclass(frozen=True)
class Column:
    """One column. `value` reads it from a row; `link` gives the address of the cell; `sort` names a Sort.

    `export_value` (default: value) is what the file gets. A `sensitive` column is exported only to people
    with EXPORT_SENSITIVE who gave a reason; others get `masked(row)`.
    """

    key: str
    label: Text
    value: Callable[[Any], Any]
    link: Callable[[Any], str] | None = None
    sort: str = ""
    number: bool = False
    on_screen: bool = True
    in_export: bool = True
    export_value: Callable[[Any], Any] | None = None
    sensitive: bool = False
    masked: Callable[[Any], Any] | None = None
    tone: Callable[[Any], str] | None = None  # a state tag instead of plain text


@dataclass(frozen=True)
class Sort:
    """An order: model fields that are never null, with `-` for descending; the key is added at the end."""

    code: str
    label: Text
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ListSpec:
    """A whole list. `rows(scope)` are all rows this person may see, with select_related done for what the screen shows;
    `export_prefetch` names relations that only columns of the file read; `screen_only` names all fields the screen
    reads, where a row has many more (the file reads whole rows)."""

    code: str
    title: Text
    rows: Callable[[Scope], QuerySet[Any]]
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filterset: type[django_filters.FilterSet] | None = None
    page_size: int = 25
    count_cap: int = 1000
    bulk: bool = False
    empty_title: Text = ""
    empty_text: Text = ""
    export: bool = True
    export_prefetch: tuple[str, ...] = ()
    screen_only: tuple[str, ...] = ()
    presets: tuple[tuple[Text, str], ...] = field(default=())  # (label, query string) shown as tabs

    def __post_init__(self) -> None:
        if not self.sorts:
            raise ImproperlyConfigured(f"list {self.code} has no order")


LISTS: dict[str, ListSpec] = {}


def register(spec: ListSpec) -> ListSpec:
    """Make a list known by its code, so that saved views and export jobs can find it."""
    LISTS[spec.code] = spec
    return spec
