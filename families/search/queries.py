"""Reads of the index."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from families.search.models import WorkSearch
from families.search.rules import asked, place_in_order, tag, terms_of
from families.works.models import Work
from families.works.rules import PUBLIC_AUDIENCES, RESTING, PublishState

TEXTS = ("title", "text", "story")


def listed() -> QuerySet[Work]:
    """What stands in the index: published works. One that rests while it is judged stays, and is not shown."""
    return Work.objects.filter(publish_state=PublishState.PUBLISHED, audience__in=PUBLIC_AUDIENCES)


def found(
    *, words: Iterable[str] = (), kinds: Iterable[Iterable[int]] = (), county: int | None = None, call: int | None = None
) -> QuerySet[WorkSearch]:  # fmt: skip
    """Public works with all words and all filters, newest first; every word and filter is asked of the index.

    `kinds`: keys of categories, one of each group. The work's own row decides whether it is public at this moment.
    """
    query, exact = asked(words)
    query += [[tag("kind", pk) for pk in group] or [tag("kind", None)] for group in kinds]
    query += [[tag(name, pk)] for name, pk in (("county", county), ("call", call)) if pk is not None]
    rows = WorkSearch.objects.filter(
        work__publish_state=PublishState.PUBLISHED, work__audience__in=PUBLIC_AUDIENCES
    ).exclude(work__status__in=RESTING)
    if query:
        rows = rows.filter(terms__match=query)
    for word in exact:
        rows = rows.filter(reduce(or_, (Q(**{f"work__{name}__icontains": word}) for name in TEXTS)))
    return rows.select_related("work__category", "work__county").order_by("-seq")


def entry_of(work: Work) -> WorkSearch:
    """The entry that a published work should have."""
    if work.published_at is None:
        raise ValueError("not published")
    terms = terms_of(*(getattr(work, name) for name in TEXTS))
    terms |= {
        tag("work", work.pk), tag("kind", work.category_id), tag("county", work.county_id), tag("call", work.call_id),
    }  # fmt: skip
    return WorkSearch(seq=place_in_order(work.published_at, work.pk), work_id=work.pk, terms=frozenset(terms))


def of_work(pk: int) -> QuerySet[WorkSearch]:
    """The entry of one work, found through the index too: SQLite has no other way to it."""
    return WorkSearch.objects.filter(terms__match=[[tag("work", pk)]])


def all_keys() -> Iterator[int]:
    """The keys of all entries."""
    return WorkSearch.objects.order_by().values_list("seq", flat=True).iterator()


def by_keys(keys: Iterable[int]) -> QuerySet[WorkSearch]:
    """Entries by key."""
    return WorkSearch.objects.filter(seq__in=list(keys))
