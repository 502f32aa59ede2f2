"""Reads of messages that can become cards."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from families.cards.models import Card, CardBatch
from families.cards.rules import MESSAGE, PRINTABLE, Lettering, Reason, Words
from families.works.models import Work
from families.works.rules import Status
from portal import typeset
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files import store
from portal.files.models import StoredFile
from portal.files.queries import attached_to
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType
from portal.units.models import Unit, UnitKind

GONE = (Status.DRAFT, Status.WITHDRAWN, Status.REJECTED, Status.PRIVATE)
WORKPLACES = (UnitKind.WOMEN_COMMITTEE,)


def _consents(kind: ConsentType, target: str, ref: str) -> QuerySet[Consent]:
    return Consent.objects.filter(target_type=target, target_id=OuterRef(ref), type=kind)


def with_consents(rows: QuerySet[Work]) -> QuerySet[Work]:
    """Messages with what `reason_of` needs, in one query."""
    card = _consents(ConsentType.DESK_CARD, "families.card", "card__pk")
    guardian = _consents(ConsentType.GUARDIAN, "families.work", "pk")
    return rows.select_related("category", "call__unit", "unit", "card", "card__unit").annotate(
        has_ink=ExpressionWrapper(Q(card__ink__isnull=False), output_field=BooleanField()),
        opted=Exists(card.filter(withdrawn_at__isnull=True)),
        opted_once=Exists(card),
        guarded=Exists(guardian.filter(withdrawn_at__isnull=True)),
    )


def for_staff(scope: Scope) -> QuerySet[Work]:
    """Messages of families that live in one's units, or whose card will stand there. What is for its recipient only
    is in neither set. Without the pictures of the handwriting, which only the file needs."""
    lives = scope.rows(Work, Perm.CARD_PRINT).order_by().values("pk")
    stands = scope.rows(Card, Perm.CARD_PRINT).order_by().values("work_id")
    rows = Work.objects.filter(Q(pk__in=lives) | Q(pk__in=stands), category__code=MESSAGE)
    return with_consents(rows.exclude(status__in=GONE)).defer("card__ink")


def card_of(work: Work) -> Card | None:
    """The card of a message, if its family made one."""
    return getattr(work, "card", None)


def of_own(work: Work) -> Work:
    """A family's own message with its consents, whatever its audience."""
    return with_consents(Work.every.all()).get(pk=work.pk)


def words_of(work: Work) -> Words:
    """What is printed as letters."""
    card = card_of(work)
    typed = card is None or card.lettering == Lettering.TYPED
    signed = str(work.extra.get("relation", "")).strip()
    return Words(work.text if typed else "", str(work.extra.get("to_name", "")).strip(), signed)


def unprintable(words: Words) -> str:
    """The characters of a card that the font does not have."""
    return "".join(sorted(typeset.missing(words.together)))


def reason_of(work: Any) -> Reason | None:
    """Why this message (with its consents) is not printed; None when it is."""
    card = card_of(work)
    if card is None or not work.opted:
        return Reason.WITHDRAWN if card is not None and work.opted_once else Reason.NOT_ASKED
    if work.is_child and not work.guarded:
        return Reason.NO_GUARDIAN
    if work.status not in PRINTABLE:
        return Reason.NOT_CHECKED
    if card.lettering == Lettering.HANDWRITTEN and not work.has_ink:
        return Reason.NO_PICTURE
    if unprintable(words_of(work)):
        return Reason.NO_GLYPH
    return None


def sorted_out(rows: Iterable[Any]) -> tuple[list[Any], list[tuple[Any, Reason]]]:
    """Those that are printed, and those that are left out with the reason."""
    printed, left = [], []
    for row in rows:
        reason = reason_of(row)
        if reason is None:
            printed.append(row)
        else:
            left.append((row, reason))
    return printed, left


def counted(left: Iterable[tuple[Any, Reason]]) -> dict[str, int]:
    """How many are left out for which reason."""
    return dict(Counter(str(reason.value) for _row, reason in left))


def photo_of(work: Work) -> StoredFile | None:
    """The photo of the handwriting."""
    return attached_to(work, "files").filter(state=StoredFile.State.READY).first() or (
        attached_to(work).filter(state=StoredFile.State.READY).first()
    )


def has_waiting_photo(work: Work) -> bool:
    """Is a photo still being processed?"""
    return attached_to(work).filter(state__in=(StoredFile.State.STAGED, StoredFile.State.PROCESSING)).exists()


def bytes_of(photo: StoredFile) -> bytes:
    """The web copy of a photo."""
    with store.opened(photo.web_path) as stored:
        data: bytes = stored.read()
    return data


def workplaces(work: Work) -> QuerySet[Unit]:
    """Offices inside the area of the call where a card may stand."""
    return Unit.objects.open().under(work.call.unit.path).filter(kind__in=WORKPLACES).order_by("path")


def batches(scope: Scope) -> QuerySet[CardBatch]:
    """Batches of one's units, newest first."""
    return scope.rows(CardBatch, Perm.CARD_PRINT).select_related("unit", "created_by", "job")


def printing_unit(scope: Scope, unit_no: str = "") -> Unit | None:
    """For which unit a batch is made: the one filtered by, else the highest at which one may print."""
    named = Unit.objects.filter(unit_no=unit_no[:24]).first() if unit_no else None
    if named is not None and scope.may(Perm.CARD_PRINT, named):
        return named
    lines = sorted((line.unit_path, line.unit_id) for _reach, line in scope.lines_for(Perm.CARD_PRINT))
    return Unit.objects.filter(pk=lines[0][1]).first() if lines else None


def batch_by_pk(pk: int) -> CardBatch:
    """For the job."""
    return CardBatch.objects.select_related("unit", "created_by").get(pk=pk)
