"""Entering the prize draw, drawing, confirming, forgetting the phones."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.quizzes.actions.attempts import OF_PHONE, visitor_of_phone
from campaigns.quizzes.models import Attempt, Draw, PrizeEntry, Quiz
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.rules import draw, papers
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.journal.actions import record
from portal.notifications.actions import send_sms
from portal.privacy.actions import give, withdraw
from portal.privacy.masking import mask_phone
from portal.privacy.rules import ConsentType
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.workdays.queries import add_workdays

CONSENT = gettext_lazy("我同意用这个手机号联系领奖；公示时只显示号码的前三位和后四位；公示期满 90 天后删除。")


def enter(*, attempt: Attempt, phone: str, consent: bool, ip: str = "") -> PrizeEntry:
    """A number in the draw for a phone that was verified by a code (the caller has done so).

    Only who passed a contest as an adult before it closed; one number per phone and paper. Raises WorkflowError.
    """
    quiz = attempt.quiz
    if not quiz.has_prize or attempt.is_practice or attempt.is_minor:
        raise WorkflowError(_("这次答题不参加抽奖。未成年人只练习，不参加抽奖。"))
    if not attempt.has_passed:
        raise WorkflowError(_("及格后才能参加抽奖。"))
    if not quiz.is_open:
        raise WorkflowError(_("抽奖登记已经截止。"))
    if not consent:
        raise WorkflowError(_("请先勾选同意，再登记手机号。"))
    if attempt.visitor.startswith(OF_PHONE) and attempt.visitor != visitor_of_phone(quiz, phone):
        raise WorkflowError(_("请用开始答题时验证的那个手机号登记。"))
    digest = phone_hash(phone)
    for _try in range(8):
        known = PrizeEntry.objects.filter(Q(attempt=attempt) | Q(quiz=quiz, phone_hash=digest)).first()
        if known is not None:
            return known
        last = PrizeEntry.objects.filter(quiz=quiz).aggregate(n=Max("number"))["n"] or 0
        try:
            with transaction.atomic():
                return _enter(attempt, last + 1, phone, digest, ip)
        except IntegrityError:
            continue
    raise WorkflowError(_("登记的人太多，请过一会儿再试。"))


def _enter(attempt: Attempt, number: int, phone: str, digest: str, ip: str) -> PrizeEntry:
    entry = PrizeEntry.objects.create(
        quiz=attempt.quiz, attempt=attempt, number=number, phone=phone, phone_hash=digest, phone_shown=mask_phone(phone)
    )  # fmt: skip
    visitor = visitor_for(digest)
    give(
        actor=visitor,
        target=entry,
        kind=ConsentType.PROCESSING,
        text=str(CONSENT),
        subject_ref=str(visitor.ref),
        ip=ip,
    )
    record("quiz.entered_draw", actor=visitor, target=entry, unit=attempt.unit)
    return entry


@transaction.atomic
def leave(*, entry: PrizeEntry, actor: Any, reason: str = "") -> None:
    """A person takes back the consent: the number leaves the draw, the phone is deleted."""
    PrizeEntry.objects.filter(pk=entry.pk).update(
        phone="", phone_hash="", phone_shown="", withdrawn_at=entry.withdrawn_at or timezone.now()
    )
    entry.refresh_from_db()
    record(
        "quiz.left_draw", actor=actor, target=entry, unit=entry.quiz.unit, changed=["phone"],
        details={"reason": reason} if reason else None,
    )  # fmt: skip


def leave_all(*, digest: str, actor: Any) -> int:
    """Everything of one phone."""
    rows = list(queries.entries_of_phone(digest))
    for entry in rows:
        withdraw(actor=actor, target=entry, kind=ConsentType.PROCESSING, reason=_("本人要求删除"))
        if entry.withdrawn_at is None:
            entry.refresh_from_db()
        if entry.phone_hash:
            leave(entry=entry, actor=actor)
    return len(rows)


def draw_prizes(*, actor: User, quiz: Quiz) -> Draw:
    """Compute the winners from the committed seed and the fixed list of numbers. Raises WorkflowError before
    the end of the paper."""
    prize_draw = _of(quiz)
    if not quiz.is_over:
        raise WorkflowError(_("答题结束后才能抽奖。"))
    numbers = queries.entries_in(quiz)
    if not numbers:
        raise WorkflowError(_("没有人登记抽奖。"))
    fields = {
        "numbers": numbers,
        "winners": draw.winners(prize_draw.seed, numbers, quiz.prize_count),
        "drawn_by": actor,
        "drawn_at": timezone.now(),
    }
    move(prize_draw, "draw", actor=actor, fields=fields)
    return prize_draw


def _of(quiz: Quiz) -> Draw:
    prize_draw = queries.public_draw(quiz)
    if prize_draw is None:
        raise WorkflowError(_("这份试卷没有抽奖。"))
    return prize_draw


@transaction.atomic
def confirm(*, actor: User, quiz: Quiz) -> Draw:
    """A second person has repeated the draw: the seed and the masked winners are published for three working
    days, and the winners get a short message."""
    prize_draw = _of(quiz)
    if draw.winners(prize_draw.seed, prize_draw.numbers, quiz.prize_count) != prize_draw.winners:
        raise WorkflowError(_("重算的结果和抽取的不一致，请退回重抽。"))
    until = add_workdays(timezone.localdate(), draw.PUBLICITY_DAYS)
    fields = {"confirmed_by": actor, "confirmed_at": timezone.now(), "notice_until": until}
    move(prize_draw, "confirm", actor=actor, fields=fields)
    for entry in queries.winners_of(prize_draw):
        if entry.phone:
            text = _(
                "您参加的“%(title)s”抽奖中奖了（编号 %(no)d）。公示期满后%(unit)s会联系您，不收任何费用。"
            )
            said = text % {"title": quiz.title, "no": entry.number, "unit": quiz.unit.short_name}
            send_sms(
                to=entry.phone, text=said, about=entry, unit=quiz.unit, key=f"draw:{entry.pk}", may_wait=True
            )
    return prize_draw


def send_back(*, actor: User, quiz: Quiz, reason: str) -> Draw:
    """The second person does not agree; who drew reads why."""
    prize_draw = _of(quiz)
    move(prize_draw, "send_back", actor=actor, reason=reason, fields={"winners": [], "numbers": []})
    return prize_draw


@transaction.atomic
def reveal_winners(*, actor: User, quiz: Quiz, reason: str) -> list[tuple[int, str]]:
    """Numbers and phones of the winners, to hand out the prizes; who looked and why stays in the journal."""
    scope_of(actor).require(Perm.QUIZ_EDIT, quiz)
    prize_draw = _of(quiz)
    if prize_draw.status not in draw.PUBLISHED:
        raise WorkflowError(_("复核公示后才能查看中奖号码。"))
    if len(reason.strip()) < 4:
        raise WorkflowError(_("请写明为什么要看，例如“联系领奖”。"))
    record("draw.phones_read", actor=actor, target=prize_draw, details={"reason": reason.strip()})
    return [(entry.number, entry.phone) for entry in queries.winners_of(prize_draw)]


def finish_notices(now: datetime | None = None) -> int:
    """End the publicity after its last day; from a job, twice does no harm."""
    count = 0
    for prize_draw in queries.notices_over(timezone.localdate(now or timezone.now())):
        try:
            move(prize_draw, "finish", actor=SYSTEM)
            count += 1
        except StaleState:
            continue
    return count


def purge_phones(now: datetime) -> int:
    """Forget all phones of a paper and their marks on the tries: 90 days after the publicity, or after the end when nothing
    was drawn. Masked numbers of the winners stay on the result."""
    before = timezone.localdate(now) - timedelta(days=papers.FORGET_PHONES_AFTER_DAYS)
    rows = Draw.objects.filter(phones_purged_at__isnull=True).filter(
        Q(notice_until__lt=before) | Q(notice_until__isnull=True, quiz__closes_on__lt=before)
    )
    count = 0
    for prize_draw in rows.select_related("quiz").order_by("pk")[:100]:
        with transaction.atomic():
            entries = PrizeEntry.objects.filter(quiz=prize_draw.quiz)
            count += entries.exclude(phone="").update(phone="", phone_hash="")
            entries.exclude(number__in=prize_draw.winners).update(phone_shown="")
            of_phones = Attempt.objects.filter(quiz=prize_draw.quiz, visitor__startswith=OF_PHONE)
            of_phones.update(visitor="", started_on=None, try_no=None)
            Draw.objects.filter(pk=prize_draw.pk).update(phones_purged_at=now)
            record("draw.phones_purged", actor=SYSTEM, target=prize_draw, changed=["phones"])
    return count
