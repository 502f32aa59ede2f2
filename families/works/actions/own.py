"""What a family does with its own work: audience, consent, withdrawal, deletion."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.search.actions import take_out
from families.works import messages, queries
from families.works.actions.comparing import compare_later
from families.works.actions.consents import record_wider
from families.works.actions.numbers import code_hash
from families.works.models import Work
from families.works.rules import (
    PAST_REVIEW,
    PUBLIC_AUDIENCES,
    WITHDRAWABLE,
    Audience,
    PublishState,
    Status,
    is_wider,
)
from portal.access.actors import SYSTEM, Visitor
from portal.accounts.phone_codes import phone_hash
from portal.files import actions as files
from portal.journal.actions import record
from portal.privacy import actions as privacy
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError, move


def _require_own(work: Work, actor: Any) -> None:
    if not queries.is_own(work, actor):
        raise PermissionDenied("not theirs")


def change_audience(
    *, actor: Any, work: Work, audience: Audience, consented: bool = False, ip: str = ""
) -> None:
    """Narrowing acts at once; widening needs the publication consent again and two readers."""
    _require_own(work, actor)
    if audience == work.audience:
        return
    if audience not in queries.audiences_of(work.category):
        raise WorkflowError(_("这一类作品不能选这个范围。"))
    if is_wider(audience, work.audience) and not consented:
        raise WorkflowError(_("扩大公开范围需要重新勾选同意。"))
    if audience in PUBLIC_AUDIENCES:
        _open_to_public(work, audience, actor=actor, ip=ip)
    else:
        _close_to_public(work, audience, actor=actor, ip=ip)


@transaction.atomic
def claim(*, actor: Visitor, work: Work, phone: str, code: str) -> None:
    """Who holds the slip of a paper entry without a phone number makes it theirs with a verified phone."""
    if code_hash(code) != work.resume_code_hash or actor.phone_hash != phone_hash(phone):
        raise PermissionDenied("not the slip's code")
    changed = Work.every.filter(pk=work.pk, phone_hash="", entered_by__isnull=False).update(
        phone=phone, phone_hash=actor.phone_hash
    )
    if not changed:
        raise PermissionDenied("another's work")
    work.phone, work.phone_hash = phone, actor.phone_hash
    record("work.claimed", actor=actor, target=work, changed=["phone"])


@transaction.atomic
def _open_to_public(work: Work, audience: Audience, *, actor: Any, ip: str) -> None:
    before = work.audience
    _write_audience(work, audience, actor=actor)
    if is_wider(audience, before):
        record_wider(work, actor=actor, ip=ip)
    if work.status == Status.PRIVATE:  # staff meets it for the first time now
        move(work, "submit", actor=actor)
    elif work.status in {Status.CONTENT_REVIEW, *PAST_REVIEW}:
        if before in PUBLIC_AUDIENCES:
            gate.check_current(work, actor=SYSTEM)
        else:
            gate.request(work, actor=SYSTEM)


@transaction.atomic
def _close_to_public(work: Work, audience: Audience, *, actor: Any, ip: str) -> None:
    before = work.audience
    withdraw_publication(actor=actor, work=work, reason=_("作者缩小了公开范围"))
    _write_audience(work, audience, actor=actor)
    if audience == Audience.ONLY_RECIPIENT:
        keep_from_staff(work, actor=actor)
    elif before == Audience.ONLY_RECIPIENT:
        record_wider(work, actor=actor, ip=ip)
        if work.status == Status.PRIVATE:
            move(work, "submit", actor=actor)


def keep_from_staff(work: Work, *, actor: Any) -> None:
    """Nobody of the staff reads it from now on: not as a work, not behind the gate, not in a message."""
    if work.status in WITHDRAWABLE and work.status != Status.PRIVATE:
        move(work, "keep", actor=actor)
    gate.seal(work, actor=SYSTEM)


def _write_audience(work: Work, audience: Audience, *, actor: Any) -> None:
    Work.every.filter(pk=work.pk).update(audience=audience)
    work.audience = audience
    record("work.audience_changed", actor=actor, target=work, changed=["audience"])
    compare_later(work.pk)


@transaction.atomic
def withdraw_publication(*, actor: Any, work: Work, reason: str = "") -> None:
    """撤回公开同意: the page is gone in this transaction; the work stays with the organisation."""
    _require_own(work, actor)
    privacy.withdraw(actor=actor, target=work, kind=ConsentType.PUBLICATION, reason=reason)
    if work.audience in PUBLIC_AUDIENCES:
        work.refresh_from_db()
        _write_audience(work, Audience.ORGANISATION, actor=actor)


@transaction.atomic
def withdraw(*, actor: Any, work: Work, reason: str = "") -> None:
    """撤回投稿: out of the call, off the site; the family still sees it on its page until it is deleted."""
    _require_own(work, actor)
    if not work.is_withdrawable:
        raise WorkflowError(_("这件作品现在不能撤回。"))
    if work.audience in PUBLIC_AUDIENCES:
        withdraw_publication(actor=actor, work=work, reason=reason or _("作者撤回投稿"))
    move(work, "withdraw", actor=actor, reason=reason)
    compare_later(work.pk)
    messages.tell(work, "withdrawn")


@transaction.atomic
def put_back(*, actor: Any, work: Work) -> None:
    """恢复投稿: the author thought again while the call still takes works and, where judges had it already, their first
    round is open. It is checked from the start, may then join that round again, and stays with the organisation until the
    author opens it again."""
    _require_own(work, actor)
    if not work.can_be_put_back:
        raise WorkflowError(_("这件作品现在不能恢复：征集已经截止，或者作品没有撤回。"))
    if not queries.may_rejoin(work):
        raise WorkflowError(_("这件作品参加的那一轮评审已经结束，撤回后不能再恢复；可以重新投一件。"))
    most = queries.with_rules(work.call, work.category).per_person
    if work.phone_hash and queries.sent_by(work.phone_hash, work.call, work.category) >= most:
        raise WorkflowError(_("这一类作品每人最多投 %(most)d 件，您撤回以后又投满了。") % {"most": most})
    move(work, "put_back", actor=actor, fields={"submitted_at": timezone.now(), "checked_by": None})
    compare_later(work.pk)


def erase(*, actor: Any, work: Work) -> None:
    """删除: page, text, photos and personal data go for good; the journal keeps that it happened."""
    _require_own(work, actor)
    erase_row(work, actor=actor, reason=_("作者删除"))


@transaction.atomic
def erase_row(work: Work, *, actor: Any, reason: str) -> None:
    """Used by the author's deletion and by retention; checks nobody's rights."""
    if work.publish_state == PublishState.PUBLISHED or work.audience in PUBLIC_AUDIENCES:
        privacy.withdraw(actor=actor, target=work, kind=ConsentType.PUBLICATION, reason=reason)
        gate.owner_withdrew(work, actor=actor, reason=reason)
    files.detach(target=work, actor=actor)
    record("work.erased", actor=actor, target=work)
    work.authors.all().delete()
    take_out(work.pk)  # also of a page that went up without the gate
    Work.every.filter(pk=work.pk).delete()
