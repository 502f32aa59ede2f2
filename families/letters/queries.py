"""Reads of letters: always by the link, or by the verified phone of one of the two."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from families.letters.models import Delivery
from families.letters.rules import LETTER, PHONE_KEPT, THREAD_MOST
from families.works import queries as works
from families.works.models import Work, WorkCategory
from families.works.rules import Audience, Status
from portal import vault

GONE = (Status.DRAFT, Status.WITHDRAWN)
WITH = ("work", "work__category", "work__call", "work__unit", "work__county", "reply")


def token_hash(token: str) -> str:
    """Under which a link is found again."""
    return vault.keyed_hash(token, purpose="letters.link")


def by_link(token: str) -> Delivery | None:
    """The letter behind a link, whatever its state; None for a guessed one."""
    return Delivery.objects.select_related(*WITH).filter(token_hash=token_hash(token)).first()


def of_work(work: Work) -> Delivery | None:
    """How a letter was sent, if it was."""
    return Delivery.objects.select_related(*WITH).filter(work=work).first()


def open_for(phone_hash: str) -> QuerySet[Delivery]:
    """Letters that this phone may read."""
    rows = Delivery.objects.filter(phone_hash=phone_hash, refused_at__isnull=True)
    return rows.exclude(work__status__in=GONE).select_related(*WITH)


def received_by(phone_hash: str) -> QuerySet[Delivery]:
    """The same, newest first: for /me/."""
    return open_for(phone_hash).order_by("-sent_at", "-pk") if phone_hash else Delivery.objects.none()


def for_recipient(no: str, phone_hash: str) -> Delivery | None:
    """The letter of this number, if this phone is its recipient's."""
    return open_for(phone_hash).filter(work__no=no).first() if phone_hash else None


def may_read(work_pk: str, phone_hash: str) -> bool:
    """Is this phone the recipient's of that letter?"""
    return bool(phone_hash) and work_pk.isdigit() and open_for(phone_hash).filter(work_id=work_pk).exists()


def sent_to_lately(phone_hash: str) -> int:
    """How many letters went to a phone within a day."""
    since = timezone.now() - timedelta(days=1)
    return Delivery.objects.filter(phone_hash=phone_hash, sent_at__gt=since).count()


def has_refused(phone_hash: str, work: Work) -> bool:
    """Did this phone refuse letters of this sender before?"""
    same = Q(work=work) | (Q(work__phone_hash=work.phone_hash) & ~Q(work__phone_hash=""))
    return Delivery.objects.filter(same, phone_hash=phone_hash, refused_at__isnull=False).exists()


def thread_of(work: Work) -> list[Work]:
    """The letters that answer each other, from the first one on; the caller filters what a reader may see."""
    first = work
    for _step in range(THREAD_MOST):
        before = Delivery.objects.filter(reply=first).select_related("work", "work__category").first()
        if before is None:
            break
        first = before.work
    found = [first]
    for _step in range(THREAD_MOST):
        after = (
            Delivery.objects.filter(work=found[-1], reply__isnull=False)
            .select_related("reply", "reply__category")
            .first()
        )
        if after is None or after.reply is None:
            break
        found.append(after.reply)
    return found


def readable(letters: Iterable[Work], *, phone_hash: str, user: Any = None) -> list[Work]:
    """Those of a thread that this family wrote or received."""
    rows = list(letters)
    pks = [row.pk for row in rows]
    mine = set(works.own(phone_hash, user).filter(pk__in=pks).values_list("pk", flat=True))
    if phone_hash:
        mine |= set(open_for(phone_hash).filter(work_id__in=pks).values_list("work_id", flat=True))
    return [row for row in rows if row.pk in mine]


def neighbours(work: Work) -> tuple[Work | None, Work | None]:
    """The published letter before and the published reply after a published letter: both of their authors agreed."""
    shown = works.published()
    return shown.filter(delivery__reply=work).first(), shown.filter(answers__work=work).first()


def is_letter(work: Work) -> bool:
    """Is it a letter, which can be answered by one?"""
    return work.category.code == LETTER


def can_be_sent(category: WorkCategory) -> bool:
    """May a work of this category be meant for one person only (letters, messages, mottos)? Then it can be sent to them."""
    return Audience.ONLY_RECIPIENT in works.audiences_of(category)


def past_phone_keeping(now: datetime) -> QuerySet[Delivery]:
    """Sent so long ago that the plain number is not needed any more."""
    return Delivery.objects.filter(sent_at__lt=now - PHONE_KEPT).exclude(phone="")


def about(phone_hash: str, user: Any) -> tuple[QuerySet[Delivery], QuerySet[Delivery]]:
    """What a family sent and what it received."""
    sent = Delivery.objects.filter(work__in=works.own(phone_hash, user).order_by().values("pk"))
    return sent.select_related(*WITH), received_by(phone_hash)
