"""What can fulfil an item of a package. Slices register their own in `wiring.py`; packages only ask.

    from campaigns.packages.registry import Fulfilment, register

    register(Fulfilment("pledges.signed", _("签订承诺"), count_signed, options=published_templates, link=rows_link))

`count(unit_ids, start, end, option)` returns {unit id: how many} for whole subtrees: what a township did counts for
its county. Units that did nothing may be left out. It takes a fixed number of queries, whatever the number of units;
`by_subtree` folds counts by path. What counts is what counts in figures (approved rows), between two dates, both
included.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from portal.units.models import Unit

Text = str | Promise
Count = Callable[[Collection[int], date, date, str], Mapping[int, int]]
Link = Callable[[Unit, date, date, str], str]
CountMany = Callable[[Collection[int], date, date, Sequence[str]], Mapping[str, Mapping[int, int]]]


def no_options() -> list[tuple[str, Text]]:
    """For what needs no option: one choice without a word of its own."""
    return [("", "")]


def no_link(unit: Unit, start: date, end: date, option: str) -> str:
    """For what has no list to show."""
    return ""


@dataclass(frozen=True)
class Fulfilment:
    """One way to fulfil an item. `options()` are (code, words) of at most 60 characters; `link(unit, start, end,
    option)` is the address of the list with the rows behind a count; `unit` is what is counted (次, 户 …).
    `count` None says that nothing is kept yet that would prove it: the item is shown as 暂不计数, neither done nor owed.
    `count_many` answers for several options at once ({option: {unit id: how many}}), where that is cheaper."""

    code: str
    label: Text
    count: Count | None
    options: Callable[[], Iterable[tuple[str, Text]]] = no_options
    link: Link = no_link
    unit: Text = ""
    count_many: CountMany | None = None

    def counts(
        self, unit_ids: Collection[int], start: date, end: date, options: Sequence[str]
    ) -> Mapping[str, Mapping[int, int]]:
        """Counts for several options, with as few queries as the way knows."""
        if self.count is None:
            return {}
        if self.count_many is not None:
            return self.count_many(unit_ids, start, end, options)
        return {option: self.count(unit_ids, start, end, option) for option in options}


FULFILMENTS: dict[str, Fulfilment] = {}


def register(fulfilment: Fulfilment) -> None:
    """Add a way; a code is given once."""
    known = FULFILMENTS.get(fulfilment.code)
    if known is not None and known.count is not fulfilment.count:
        raise ImproperlyConfigured(f"fulfilment {fulfilment.code} is registered twice")
    FULFILMENTS[fulfilment.code] = fulfilment


def choices() -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Every way with its options, for one grouped select; values are `code:option`."""
    return [
        (way.label, [(f"{way.code}:{option}", words or way.label) for option, words in way.options()])
        for way in FULFILMENTS.values()
    ]


def is_counted(code: str) -> bool:
    """Is there something to count for items of this way? No: nothing is kept of it yet, or its slice is gone."""
    way = FULFILMENTS.get(code)
    return way is not None and way.count is not None


def words_of(code: str, option: str) -> str:
    """What an item asks for, in words; the bare code when a slice is gone."""
    way = FULFILMENTS.get(code)
    if way is None:
        return code
    words = next((str(text) for value, text in way.options() if value == option), "")
    return f"{way.label}：{words}" if words else str(way.label)


def paths_of(unit_ids: Collection[int]) -> Mapping[int, str]:
    """Where units stand in the tree; one query, and none for who brings the paths along ({unit: path})."""
    if isinstance(unit_ids, Mapping):
        return unit_ids
    return dict(Unit.objects.filter(pk__in=unit_ids).order_by().values_list("pk", "path"))


def by_subtree(paths: Mapping[int, str], counted: Iterable[tuple[str, Any]]) -> dict[int, int]:
    """Counts by path of a unit, added up for each of `paths` with everything below it."""
    found = dict.fromkeys(paths, 0)
    rows = list(counted)
    for pk, path in paths.items():
        found[pk] = sum(number for at, number in rows if at.startswith(path))
    return found
