"""What the publish gate does to a work, and taking pages down."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.search.actions import put_in, take_out
from families.works import messages
from families.works.models import Work
from families.works.naming import public_name_of
from families.works.rules import PAST_REVIEW, PublishState, Status, TakedownReason
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.privacy.models import Consent
from portal.privacy.queries import has_consent
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError, move


def published(work: Work, actor: Any) -> None:
    """Called by the gate when two people have passed it. Refuses what the author no longer allows."""
    if not work.wants_public or not has_consent(work, ConsentType.PUBLICATION):
        raise WorkflowError(_("作者没有同意公开，不能发布。"))
    if work.status not in {Status.CONTENT_REVIEW, *PAST_REVIEW}:
        raise WorkflowError(_("作品现在是“%(state)s”，不能发布。") % {"state": work.get_status_display()})
    if work.status == Status.CONTENT_REVIEW:
        move(work, "pass_gate", actor=actor)
    _set(
        work, publish_state=PublishState.PUBLISHED, published_at=timezone.now(), taken_down_at=None, taken_down_for="",
        taken_down_note="", public_author=public_name_of(work),
    )  # fmt: skip
    put_in(work)
    if work.is_public:  # while judges score it the page rests; its family is told with the results
        messages.tell(work, "published")


def _set(work: Work, **fields: Any) -> None:
    Work.every.filter(pk=work.pk).update(**fields)
    for name, value in fields.items():
        setattr(work, name, value)


def returned(work: Work, actor: Any, reason: str) -> None:
    """Called by the gate: the work goes back to its author with the reason."""
    if work.status == Status.CONTENT_REVIEW:
        move(work, "fail_gate", actor=actor, reason=reason)
        messages.tell(work, "returned", reason=reason.strip()[:60])


def restarted(work: Work, actor: Any) -> None:
    """Called by the gate: what is shown has changed, so the page waits for two readers again."""
    _set(work, publish_state=PublishState.UNPUBLISHED, public_author="")
    take_out(work.pk)


def gone(work: Work, actor: Any, reason: str) -> None:
    """Called by the gate when the page leaves the public site, whoever asked for it."""
    if work.publish_state != PublishState.PUBLISHED:
        return
    fields = {
        "publish_state": PublishState.TAKEN_DOWN, "taken_down_at": timezone.now(), "public_author": "",
        "taken_down_for": work.taken_down_for or TakedownReason.ERROR, "taken_down_note": reason[:200],
    }  # fmt: skip
    changed = Work.every.filter(pk=work.pk, publish_state=PublishState.PUBLISHED).update(**fields)
    for name, value in fields.items():
        setattr(work, name, value)
    take_out(work.pk)
    if not changed:  # the gate has taken its own copy of the row down already, and told the family
        return
    messages.tell(work, "taken_down", reason=reason.strip()[:60])


def take_down(*, actor: Any, work: Work, why: TakedownReason, note: str) -> None:
    """Staff takes the page down, at once; the gate closes its copy and the family is told."""
    scope_of(actor).require(Perm.WORK_TAKE_DOWN, work)
    if not note.strip():
        raise WorkflowError(_("请写明撤下的理由，作者会看到。"))
    with transaction.atomic():
        _set(work, taken_down_for=why)
        row = open_of(work)
        if row is not None:
            gate.owner_withdrew(work, actor=actor, reason=note)
        gone(work, actor, note)
        record("work.taken_down", actor=actor, target=work, changed=["publish_state"])


def consent_withdrawn(consent: Consent, actor: Any, reason: str) -> None:
    """Registered with portal.privacy: no consent, no page."""
    work = Work.every.filter(pk=consent.target_id).first()
    if work is None:
        return
    _set(work, taken_down_for=TakedownReason.AUTHOR)
    note = reason or _("作者撤回公开同意")
    gate.owner_withdrew(work, actor=actor, reason=note)
    gone(work, actor, note)
