"""Reads of the index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Q, QuerySet

from families.search.models import WorkSearch
from families.search.rules import Query, asked, place_in_order, tag, terms_of
from families.works.models import Work
from families.works.rules import PUBLIC_AUDIENCES, RESTING, PublishState

TEXTS = (
    "title",
    "text",
    "story",
    "extra__transcript",
)  # the last: what is said in a recording, what calligraphy reads
WALKED = 2000  # a word that one in 150 works has fills a page from them


def listed() -> QuerySet[Work]:
    """What stands in the index: published works. One that rests while it is judged stays, and is not shown."""
    return Work.objects.filter(publish_state=PublishState.PUBLISHED, audience__in=PUBLIC_AUDIENCES)


@dataclass(frozen=True)
class Find:
    """What is looked for: terms that an entry must have, and words to be compared with the text itself."""

    terms: Query
    exact: list[str]

    def rows(self, lookup: str = "match") -> QuerySet[WorkSearch]:
        """Entries with all of it whose works are public; the work's own row decides whether it is at this moment."""
        rows = WorkSearch.objects.filter(
            work__publish_state=PublishState.PUBLISHED, work__audience__in=PUBLIC_AUDIENCES,
            **{f"terms__{lookup}": self.terms},
        ).exclude(work__status__in=RESTING)  # fmt: skip
        for word in self.exact:
            rows = rows.filter(reduce(or_, (Q(**{f"work__{name}__icontains": word}) for name in TEXTS)))
        return rows.select_related("work__category", "work__county")


def find(
    *, words: Iterable[str] = (), kinds: Iterable[Iterable[int]] = (), county: int | None = None, call: int | None = None
) -> Find | None:  # fmt: skip
    """All words and all filters together, or None when nothing is asked for. `kinds`: keys of categories, one of each
    group."""
    query, exact = asked(words)
    query += [[tag("kind", pk) for pk in group] or [tag("kind", None)] for group in kinds]
    query += [[tag(name, pk)] for name, pk in (("county", county), ("call", call)) if pk is not None]
    return Find(query, exact) if query else None


def newest(wanted: Find, *, size: int, edge: int | None = None, forward: bool = True) -> list[WorkSearch]:
    """The first entries beyond a key: newest first, or going back to newer ones.

    FTS5 walks its lists in this order and stops. PostgreSQL either walks the entries or asks the GIN index and sorts,
    and guesses badly which is cheaper (words that stand together count as independent). So it is not asked: the nearest
    entries are walked, which is enough for every common word, and what is rarer comes from the index.
    """
    order, side, near = ("-seq", "lt", "gte") if forward else ("seq", "gt", "lte")
    beyond = {} if edge is None else {f"seq__{side}": edge}
    if connection.vendor != "postgresql":
        return list(wanted.rows().filter(**beyond).order_by(order)[:size])
    keys = WorkSearch.objects.filter(**beyond).order_by(order).values_list("seq", flat=True)
    border = next(iter(keys[WALKED : WALKED + 1]), None)
    if border is None:
        return list(wanted.rows("walk").filter(**beyond).order_by(order)[:size])
    found = list(wanted.rows("walk").filter(**beyond, **{f"seq__{near}": border}).order_by(order)[:size])
    if len(found) < size:
        key = F("seq") + 0  # not the index of the key: all that is left are few
        far = wanted.rows().filter(**{f"seq__{side}": border}).order_by(key.desc() if forward else key.asc())
        found += list(far[: size - len(found)])
    return found


def entry_of(work: Work) -> WorkSearch:
    """The entry that a published work should have."""
    if work.published_at is None:
        raise ValueError("not published")
    terms = terms_of(work.title, work.text, work.story, str(work.extra.get("transcript") or ""))
    terms |= {
        tag("work", work.pk), tag("kind", work.category_id), tag("county", work.county_id), tag("call", work.call_id),
    }  # fmt: skip
    return WorkSearch(seq=place_in_order(work.published_at, work.pk), work_id=work.pk, terms=frozenset(terms))  # type: ignore[misc]


def of_work(pk: int) -> QuerySet[WorkSearch]:
    """The entry of one work, found through the index too: SQLite has no other way to it."""
    return of_works([pk])


def of_works(keys: Iterable[int]) -> QuerySet[WorkSearch]:
    """The entries of some works, in whatever place they stand."""
    return WorkSearch.objects.filter(terms__match=[[tag("work", pk) for pk in keys]])


def all_keys() -> Iterator[int]:
    """The keys of all entries."""
    return WorkSearch.objects.order_by().values_list("seq", flat=True).iterator()


def by_keys(keys: Iterable[int]) -> QuerySet[WorkSearch]:
    """Entries by key."""
    return WorkSearch.objects.filter(seq__in=list(keys))
