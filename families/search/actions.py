"""Writes of the index, in the transaction of the step that publishes or takes down; and the proof that it is right.

Nobody is asked for a permission and nothing is journalled here: the index says what the works say, and the step that
changed the work has done both.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction

from families.search import queries
from families.search.models import WorkSearch
from families.works.models import Work

BATCH = 1000
READ = (
    "pk",
    "title",
    "text",
    "story",
    "extra",
    "category",
    "county",
    "call",
    "published_at",
    "audience",
    "publish_state",
)


def put_in(work: Work) -> None:
    """Published, or published anew: its entry is that of this moment."""
    take_out(work.pk)
    queries.entry_of(work).save(force_insert=True)


def take_out(work_id: int) -> None:
    """No page, no entry."""
    queries.of_work(work_id).delete()


@dataclass
class Difference:
    """What the index said against the works, and how many works there are."""

    works: int = 0
    missing: int = 0
    different: int = 0
    leftover: int = 0

    @property
    def total(self) -> int:
        """How many entries were wrong."""
        return self.missing + self.different + self.leftover

    def as_dict(self) -> dict[str, int]:
        """For the report of the job and of the command."""
        return asdict(self)


def compare(*, mend: bool = True) -> Difference:
    """Hold every entry against its work, and make right what differs. Safe beside people who publish: entries are
    read before the works, and a work is written anew only under its own lock."""
    result = Difference()
    unknown = set(queries.all_keys())
    for works in _batches():
        entries = {entry.seq: entry for entry in map(queries.entry_of, works)}
        kept = {row.seq: row for row in queries.by_keys(entries)}
        unknown -= entries.keys()
        missing = [entry.work_id for seq, entry in entries.items() if seq not in kept]
        different = [
            entry.work_id for seq, entry in entries.items()
            if seq in kept and (kept[seq].terms, kept[seq].work_id) != (entry.terms, entry.work_id)
        ]  # fmt: skip
        result.works += len(works)
        result.missing += len(missing)
        result.different += len(different)
        if mend and (missing or different):
            _write_anew([*missing, *different])
    result.leftover = len(unknown)
    if mend:
        for part in _parts(sorted(unknown)):
            queries.by_keys(part).delete()
    return result


def _batches() -> Iterator[list[Work]]:
    last = 0
    while works := list(queries.listed().filter(pk__gt=last).order_by("pk").only(*READ)[:BATCH]):
        yield works
        last = works[-1].pk


@transaction.atomic
def _write_anew(keys: list[int]) -> None:
    works = list(queries.listed().filter(pk__in=keys).order_by("pk").select_for_update().only(*READ))
    entries = [queries.entry_of(work) for work in works]
    queries.of_works(keys).delete()  # by work: one that got another day stands in another place
    WorkSearch.objects.bulk_create(entries, batch_size=250)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
