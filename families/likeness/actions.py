"""Find what is alike (the job), and say what a person thinks of it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.likeness import queries, rules
from families.likeness.models import Likeness, LikenessMark
from families.likeness.rules import Decision, Kind
from families.works.models import Work
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files.images import likeness as bits_between
from portal.files.models import StoredFile
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError

Found = dict[tuple[int, Kind], int]


def compare(*, work_id: int) -> dict[str, Any]:
    """Mark one work and look for others like it; safe to run twice. A decided pair stays decided.

    A work that may not be compared (any more) loses its marks and its pairs.
    """
    work = queries.work_to_compare(work_id)
    if work is None:
        return {"forgotten": forget(work_id)}
    files = queries.files_of(work)
    marks = _marks(work, files)
    with transaction.atomic():
        LikenessMark.objects.filter(work=work).delete()
        LikenessMark.objects.bulk_create(
            [LikenessMark(work=work, kind=kind, source=source, value=value) for kind, source, value in marks],
            ignore_conflicts=True,
        )
    found = {**_like_texts(work, marks), **_like_files(work, files, marks)}
    with transaction.atomic():
        _write(work, found)
    return {"marks": len(marks), "found": len(found)}


@transaction.atomic
def forget(work_id: int) -> int:
    """Nothing about this work is compared or shown to anybody."""
    LikenessMark.objects.filter(work_id=work_id).delete()
    pairs = Likeness.objects.filter(first_id=work_id) | Likeness.objects.filter(second_id=work_id)
    return pairs.delete()[0]


def _marks(work: Work, files: list[StoredFile]) -> list[tuple[Kind, str, int]]:
    rows = [
        (Kind.TEXT, name, value)
        for name in ("text", "story")
        for value in rules.text_bands(getattr(work, name))
    ]
    for file in files:
        if file.phash and not rules.is_flat(file.phash):
            kind = _kind_of(file)
            rows += [(kind, str(file.public_id), value) for value in rules.picture_bands(file.phash)]
        rows += [(Kind.BYTES, str(file.public_id), int(digest[:15], 16)) for digest in _digests(file)]
    return list(dict.fromkeys(rows))


def _like_texts(work: Work, marks: list[tuple[Kind, str, int]]) -> Found:
    values = [value for kind, _source, value in marks if kind == Kind.TEXT]
    found: Found = {}
    for other in queries.candidates(work, Kind.TEXT, values) if values else []:
        percent = max(
            rules.text_likeness(mine, theirs)
            for mine in (work.text, work.story)
            for theirs in (other.text, other.story)
        )
        if percent:
            found[other.pk, Kind.TEXT] = percent
    return found


def _kind_of(file: StoredFile) -> Kind:
    """A frame of a film is compared with frames only: a photo of the same stage is another work."""
    return Kind.PICTURE if file.kind == StoredFile.Kind.IMAGE else Kind.FRAME


def _digests(file: StoredFile) -> set[str]:
    """The file as it was sent, and of sound and film what is left without tags and names."""
    return {digest for digest in (file.sha256, file.essence) if digest}


def _like_files(work: Work, files: list[StoredFile], marks: list[tuple[Kind, str, int]]) -> Found:
    seen = [file for file in files if file.phash and not rules.is_flat(file.phash)]
    others: dict[int, Work] = {}
    for kind in (Kind.PICTURE, Kind.FRAME):
        near = sorted(
            {
                value
                for file in seen
                if _kind_of(file) == kind
                for value in rules.picture_neighbours(file.phash)
            }
        )
        others |= {other.pk: other for other in (queries.candidates(work, kind, near) if near else [])}
    same = [value for kind, _source, value in marks if kind == Kind.BYTES]
    others |= {other.pk: other for other in (queries.candidates(work, Kind.BYTES, same) if same else [])}
    theirs = queries.pictures_of(list(others.values()))
    found: Found = {}
    for pk in others:
        for file in theirs.get(str(pk), []):
            kind = _kind_of(file)
            if any(_digests(file) & _digests(mine) for mine in files):
                found[pk, kind if kind == Kind.PICTURE else Kind.BYTES] = 100
            elif file.phash:
                mine = [one.phash for one in seen if _kind_of(one) == kind]
                bits = min((bits_between(phash, file.phash) for phash in mine), default=64)
                if bits <= rules.PICTURE_BITS:
                    found[pk, kind] = max(found.get((pk, kind), 0), rules.picture_percent(bits))
    return found


def _write(work: Work, found: Found) -> None:
    """New pairs in, open pairs that are no longer alike out; what people decided stays."""
    known = {(pair.other_than(work).pk, Kind(pair.kind)): pair for pair in queries.pairs_of(work)}
    for key, pair in known.items():
        if key not in found and pair.decision == Decision.OPEN:
            pair.delete()
    for (other, kind), percent in found.items():
        before = known.get((other, kind))
        if before is not None:
            Likeness.objects.filter(pk=before.pk, decision=Decision.OPEN).update(percent=percent)
            continue
        first, second = sorted((work.pk, other))
        try:
            with transaction.atomic():
                Likeness.objects.create(first_id=first, second_id=second, kind=kind, percent=percent)
        except IntegrityError:  # the other work's job found it at the same moment
            continue


@transaction.atomic
def decide(*, actor: Any, work: Work, pair: Likeness, decision: Decision, note: str = "") -> None:
    """Say whether it is a duplicate. Nothing happens to either work by itself: returning or refusing one is a
    step of its own. May be said again later; the last word stands with its name."""
    scope_of(actor).require(Perm.WORK_REVIEW, work)
    if work.pk not in (pair.first_id, pair.second_id):
        raise WorkflowError(_("这一对不属于这件作品。"))
    if decision == Decision.OPEN:
        raise WorkflowError(_("请选择“不是重复”或“是重复”。"))
    if actor.pk in (work.entered_by_id, work.submitted_by_id):
        raise WorkflowError(_("代录或投稿的人不能判断，请另一位同事来看。"))
    Likeness.objects.filter(pk=pair.pk).update(
        decision=decision, decided_by=actor, decided_at=timezone.now(), note=note.strip()[:200]
    )
    record(
        "likeness.decided", actor=actor, target=work, changed=["likeness"],
        details={"other": pair.other_than(work).no, "decision": str(decision), "note": note.strip()[:200]},
    )  # fmt: skip
