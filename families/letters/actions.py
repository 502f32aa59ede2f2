"""Sending a letter to its recipient, opening, answering, refusing."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from families.letters import queries
from families.letters.models import Delivery
from families.letters.rules import LINK_LIFE, MOST_SENDS, MOST_TO_A_PHONE_A_DAY
from families.letters.wording import SMS
from families.works import queries as works
from families.works.actions.submit import submit
from families.works.entry import Entry
from families.works.messages import full_url
from families.works.models import Work
from families.works.rules import Status
from portal.access.actors import Visitor
from portal.accounts.phone_codes import phone_hash
from portal.journal.actions import record
from portal.notifications.actions import send_sms
from portal.reviews.workflow import WorkflowError


@transaction.atomic
def send(*, actor: Any, work: Work, to_name: str, phone: str, token: str) -> Delivery:
    """寄给收信人, or send the link again; the old link ends. The same page sent twice sends one message."""
    if not works.is_own(work, actor):
        raise PermissionDenied("not theirs")
    digest = phone_hash(phone)
    known = queries.of_work(work)
    if known is not None and known.client_token == token:
        return known
    _check(work, known, digest)
    link = secrets.token_urlsafe(18)
    now = timezone.now()
    fields = {
        "to_name": to_name, "phone": phone, "phone_hash": digest, "token_hash": queries.token_hash(link),
        "expires_at": now + LINK_LIFE, "sent_at": now, "client_token": token,
    }  # fmt: skip
    if known is None:
        try:
            with transaction.atomic():
                delivery = Delivery.objects.create(work=work, **fields)
        except IntegrityError:  # the same page sent twice at once
            return Delivery.objects.get(work=work)
    else:
        if known.phone_hash != digest:
            fields["opened_at"] = None
        changed = Delivery.objects.filter(pk=known.pk, sends=known.sends, token_hash=known.token_hash).update(
            sends=known.sends + 1, **fields
        )
        delivery = Delivery.objects.get(pk=known.pk)
        if not changed:
            return delivery
    record("letter.sent", actor=actor, target=work)
    _tell(
        delivery,
        phone,
        "sent" if queries.is_letter(work) else "sent_other",
        reverse("families:letters:open", args=[link]),
    )
    return delivery


def _check(work: Work, known: Delivery | None, digest: str) -> None:
    if not queries.can_be_sent(work.category):
        raise WorkflowError(_("只有家书、寄语和家训可以寄给收信人。"))
    if work.status in (Status.DRAFT, Status.WITHDRAWN):
        raise WorkflowError(_("这封信已经撤回，不能再寄出。"))
    if digest in (work.phone_hash, work.guardian_hash):
        raise WorkflowError(_("这是您自己的手机号，请填收信人的手机号。"))
    if queries.has_refused(digest, work):
        raise WorkflowError(_("收信人表示不想收到这样的信，不能再寄。"))
    if known is not None and known.reply_id and known.phone_hash != digest:
        raise WorkflowError(_("收信人已经回信，不能改寄别人。要写给别人，请另写一封。"))
    if known is not None and known.sends >= MOST_SENDS:
        raise WorkflowError(_("这封信的短信已经发了 %(n)d 次，不能再发。") % {"n": MOST_SENDS})
    if queries.sent_to_lately(digest) >= MOST_TO_A_PHONE_A_DAY:
        raise WorkflowError(_("这个手机号今天已经收到好几封信，请明天再寄。"))


def _tell(delivery: Delivery, phone: str, code: str, path: str) -> None:
    """By SMS; the text is secret, for it carries the link."""
    if not phone or delivery.work.is_demo:
        return
    text = str(SMS[code]) % {"url": full_url(path), "what": delivery.work.category.name}
    send_sms(to=phone, text=text, unit=delivery.work.unit, secret=True)


def _require_recipient(delivery: Delivery, actor: Any) -> None:
    if not isinstance(actor, Visitor) or actor.phone_hash != delivery.phone_hash:
        raise PermissionDenied("not the recipient's phone")
    if not delivery.is_readable:
        raise PermissionDenied("not to be read any more")


@transaction.atomic
def opened(*, actor: Visitor, delivery: Delivery) -> None:
    """Note, once, that the recipient has read it."""
    _require_recipient(delivery, actor)
    if Delivery.objects.filter(pk=delivery.pk, opened_at__isnull=True).update(opened_at=timezone.now()):
        record("letter.opened", actor=actor, target=delivery.work)


@transaction.atomic
def refuse(*, actor: Visitor, delivery: Delivery) -> None:
    """谢绝: the link ends, and this sender cannot write to this phone again."""
    _require_recipient(delivery, actor)
    if Delivery.objects.filter(pk=delivery.pk, refused_at__isnull=True).update(refused_at=timezone.now()):
        record("letter.refused", actor=actor, target=delivery.work)


def reply(*, actor: Visitor, delivery: Delivery, entry: Entry, token: str, ip: str = "") -> Work:
    """The recipient answers with a letter of its own: own audience, own consents, own way through review.

    One reply to a letter; the author reads it on /me/ and may answer it in turn.
    """
    _require_recipient(delivery, actor)
    delivery.refresh_from_db()
    if not queries.is_letter(delivery.work):
        raise WorkflowError(_("只有家书可以回信。"))
    if delivery.reply is not None:
        if delivery.reply.client_token == token:
            return delivery.reply
        raise WorkflowError(_("您已经回过这封信了，可以在“我的”里修改回信。"))
    letter = delivery.work
    with transaction.atomic():
        work, _code = submit(actor=actor, call=letter.call, entry=entry, token=token, ip=ip, answer=True)
        if not Delivery.objects.filter(pk=delivery.pk, reply__isnull=True).update(reply=work):
            raise WorkflowError(_("您已经回过这封信了，可以在“我的”里修改回信。"))
        record("letter.answered", actor=actor, target=letter)
        _return(letter, work)
    delivery.reply = work
    return work


def _return(letter: Work, answer: Work) -> None:
    """The reply goes back to the writer's phone, which needs no link: the writer has a page of their own."""
    if not letter.phone:
        return
    back = Delivery.objects.create(
        work=answer,
        phone=letter.phone,
        phone_hash=letter.phone_hash,
        token_hash=queries.token_hash(secrets.token_urlsafe(18)),
        expires_at=timezone.now(),
    )
    _tell(back, letter.phone, "answered", reverse("families:letters:thread", args=[letter.no]))


@transaction.atomic
def forget_phones(now: Any) -> int:
    """The plain numbers of recipients are deleted after a year; the letters stay with the two."""
    return queries.past_phone_keeping(now).update(phone="", to_name="")
