"""Building one list page from a request, and reading the choice of a bulk POST."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from portal.access.scope import Scope
from portal.ui.lists import paging
from portal.ui.lists.spec import Column, ListSpec, Sort
from portal.ui.narrow import narrow

RESERVED = {"after", "before", "sort", "csrfmiddlewaretoken"}
MAX_CHOSEN = 500


@dataclass(frozen=True)
class Header:
    """A column's heading with its sorting link."""

    column: Column
    sort_url: str
    current: bool


@dataclass(frozen=True)
class Cell:
    """One value of one row."""

    value: Any
    url: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One row: the object itself and its cells."""

    obj: Any
    cells: list[Cell]


@dataclass(frozen=True)
class ListPage:
    """Everything the template `ui/list.html` shows."""

    spec: ListSpec
    rows: list[Row]
    headers: list[Header]
    columns: list[Column]
    filterset: Any
    sort: Sort
    total: int
    total_text: str
    previous: str
    next: str
    query: str
    path: str
    is_filtered: bool
    extras: dict[str, Any]


Extras = Callable[[HttpRequest, ListSpec, str], dict[str, Any]]
_extras: list[Extras] = []


def set_extras(provide: Extras) -> None:
    """Let the listing slice add saved views and export forms to every list."""
    _extras[:] = [provide]


def matching(
    spec: ListSpec, scope: Scope, query: QueryDict, *, request: HttpRequest | None = None
) -> tuple[QuerySet[Any], Any]:
    """All rows of the scope that match a query string, and the bound filter set."""
    rows = spec.rows(scope)
    if spec.filterset is None:
        return rows, None
    filterset = spec.filterset(query, queryset=rows, request=request)
    return (filterset.qs if filterset.is_valid() else rows), filterset


PLAIN = {"text": "form-control", "number": "form-control", "date": "form-control", "select": "form-select"}


def _dress(form: Any) -> None:
    """Give plain fields their class, and mark them for `ui/_filter_fields.html`."""
    for field in form.fields.values():
        kind = type(field.widget).__name__.lower().removesuffix("input").removesuffix("widget")
        is_yes_no = isinstance(field.widget, forms.NullBooleanSelect)
        look = PLAIN.get("select" if is_yes_no else kind, "")
        field.is_plain = bool(look)
        if look:
            field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {look}".strip()
        # Nothing chosen is no condition: neither dashes nor “unknown”.
        if is_yes_no:
            field.widget.choices = [("unknown", _("全部")), ("true", _("是")), ("false", _("否"))]
        elif isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = _("全部")
        elif kind == "select":
            field.widget.choices = [
                (value, label if value else _("全部")) for value, label in field.widget.choices
            ]


def sort_of(spec: ListSpec, query: QueryDict) -> Sort:
    """The order asked for, else the first one."""
    return next((sort for sort in spec.sorts if sort.code == query.get("sort")), spec.sorts[0])


def _without(query: QueryDict, **changes: str) -> str:
    items = [
        (key, value)
        for key, values in query.lists()
        if key not in RESERVED - {"sort"} and key not in changes
        for value in values
        if value != ""
    ]
    items += [(key, value) for key, value in changes.items() if value]
    return urlencode(items)


def build(request: Any, spec: ListSpec, **context: Any) -> ListPage:
    """One page of the list for this person; three queries beside those of the filter's choices."""
    query: QueryDict = request.GET
    rows, filterset = matching(spec, request.scope, query, request=request)
    if filterset is not None:
        _dress(filterset.form)
    sort = sort_of(spec, query)
    found = paging.page(
        _for_screen(rows, spec, sort),
        sort.fields,
        size=spec.page_size,
        after=query.get("after", ""),
        before=query.get("before", ""),
    )
    total = rows.order_by()[: spec.count_cap + 1].count()
    columns = [column for column in spec.columns if column.on_screen]
    base = _without(query)
    return ListPage(
        spec=spec,
        rows=[Row(obj, [_cell(column, obj) for column in columns]) for obj in found.rows],
        headers=[_header(column, query, sort) for column in columns],
        columns=columns,
        filterset=filterset,
        sort=sort,
        total=total,
        total_text=f"{spec.count_cap}+" if total > spec.count_cap else str(total),
        previous=f"?{_without(query, before=found.before)}" if found.before else "",
        next=f"?{_without(query, after=found.after)}" if found.after else "",
        query=base,
        path=request.path,
        is_filtered=bool(set(query) - RESERVED),
        extras={**{k: v for provide in _extras for k, v in provide(request, spec, base).items()}, **context},
    )


def _for_screen(rows: QuerySet[Any], spec: ListSpec, sort: Sort) -> QuerySet[Any]:
    if not spec.screen_only:
        return rows
    return narrow(rows, *{*spec.screen_only, *(name.lstrip("-") for name in sort.fields)})


def _cell(column: Column, obj: Any) -> Cell:
    return Cell(
        column.value(obj),
        column.link(obj) if column.link else "",
        column.tone(obj) if column.tone else "",
    )


def _header(column: Column, query: QueryDict, sort: Sort) -> Header:
    url = f"?{_without(query, sort=column.sort)}" if column.sort and column.sort != sort.code else ""
    return Header(column, url, column.sort == sort.code and bool(column.sort))


def chosen(request: Any, spec: ListSpec) -> QuerySet[Any]:
    """The rows of a bulk POST: the ticked ones (`chosen`), or with `all_matching` all that match `query`.

    Always inside the scope; foreign or mangled keys simply match nothing.
    """
    if request.POST.get("all_matching") == "1":
        rows, filterset = matching(
            spec, request.scope, QueryDict(request.POST.get("query", "")), request=request
        )
        return rows if filterset is None or filterset.is_valid() else rows.none()
    keys = [key for key in request.POST.getlist("chosen")[:MAX_CHOSEN] if key.isdigit() and len(key) < 19]
    return spec.rows(request.scope).filter(pk__in=keys)
