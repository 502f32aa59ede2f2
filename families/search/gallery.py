"""One page of the gallery. Whatever is asked for is read from an index in the order of publication, so that a page
costs the same among three hundred works and among three hundred thousand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from families.search.models import WorkSearch
from families.search.queries import TEXTS, Find, find, newest
from families.works.categories import MODES
from families.works.models import Work, WorkCall, WorkCategory
from families.works.queries import published
from portal.pages.search import number_of, words_of
from portal.ui.lists.paging import Slice, decode, encode
from portal.ui.lists.paging import page as key_page
from portal.units.models import Unit

ORDER = ("-published_at", "-pk")


@dataclass(frozen=True)
class Asked:
    """The filters of a page: words, and keys of what was chosen. A choice that does not exist is 0: nothing has it."""

    words: tuple[str, ...] = ()
    category: int | None = None
    county: int | None = None
    call: int | None = None
    mode: tuple[str, ...] = ()
    issue: str = ""

    @property
    def fields(self) -> dict[str, int]:
        """The choices that are columns of a work."""
        chosen = {"category_id": self.category, "county_id": self.county, "call_id": self.call}
        return {name: pk for name, pk in chosen.items() if pk is not None}


def asked(
    *, q: str = "", category: str = "", county: str = "", mode: str = "", call: str = "", issue: str = ""
) -> Asked:
    """From what stands in the address."""
    return Asked(
        words=tuple(words_of(q)),
        category=_key(WorkCategory, code=category),
        county=_key(Unit, unit_no=county),
        call=_key(WorkCall, slug=call),
        mode=MODES[mode][1] if mode in MODES else (),
        issue=issue,
    )


def _key(model: Any, **by: str) -> int | None:
    if not any(by.values()):
        return None
    return model.objects.filter(**by).values_list("pk", flat=True).first() or 0


def page(chosen: Asked, *, size: int, after: str = "", before: str = "") -> Slice:
    """Its works with the cursors of the neighbours. One choice walks the index of its column; words, and choices
    together, are looked up in the index of terms; a number leads to its work; an issue has thirty works at most."""
    if chosen.issue:
        return key_page(_of_issue(chosen), ORDER, size=size, after=after, before=before)
    number = number_of(chosen.words)
    if number:
        rows = _of_mode(published().filter(no=number, **chosen.fields), chosen)
        return key_page(rows, ORDER, size=size, after=after, before=before)
    if chosen.words or chosen.mode or len(chosen.fields) > 1:
        kinds = [_kinds(chosen.mode)] if chosen.mode else []
        kinds += [[chosen.category]] if chosen.category is not None else []
        wanted = find(words=chosen.words, kinds=kinds, county=chosen.county, call=chosen.call)
        if wanted is not None:
            return _found(wanted, size=size, after=after, before=before)
    return key_page(published().filter(**chosen.fields), ORDER, size=size, after=after, before=before)


def _found(wanted: Find, *, size: int, after: str, before: str) -> Slice:
    """Paging by key, like every list (portal.ui.lists.paging)."""
    forward, keys = not before, decode(after or before, WorkSearch, ("-seq",)) if after or before else None
    if keys is None:
        forward, after = True, ""
    rows = newest(wanted, size=size + 1, edge=keys[0] if keys else None, forward=forward)
    more, rows = len(rows) > size, rows[:size]
    if not forward:
        rows.reverse()
    if not rows:
        return Slice([], "", "")
    has_before, has_after = (bool(after), more) if forward else (more, True)
    return Slice(
        [row.work for row in rows],
        encode(rows[0], ("-seq",)) if has_before else "",
        encode(rows[-1], ("-seq",)) if has_after else "",
    )


def _kinds(codes: Iterable[str]) -> list[int]:
    return list(WorkCategory.objects.filter(code__in=codes).values_list("pk", flat=True))


def _of_mode(rows: Any, chosen: Asked) -> Any:
    return rows.filter(category__code__in=chosen.mode) if chosen.mode else rows


def _of_issue(chosen: Asked) -> Any:
    key, _sep, number = chosen.issue.rpartition("-")
    if not number.isdecimal() or len(number) > 5:
        return Work.objects.none()
    places = Q(issue_places__issue__key=key, issue_places__issue__number=int(number))
    rows = _of_mode(
        published().filter(places, issue_places__issue__status="published", **chosen.fields), chosen
    )
    for word in chosen.words:
        condition = Q()
        for name in TEXTS:
            condition |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(condition)
    return rows
