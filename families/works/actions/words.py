"""A reviewer writes down what is said in a family's sound or film, and adds captions."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.works import queries, spoken
from families.works.models import Work
from families.works.rules import UNDER_JUDGING, Status
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files.captioning import set_captions
from portal.journal.actions import record
from portal.publication import actions as gate
from portal.reviews.workflow import StaleState, WorkflowError

CLOSED = frozenset({Status.DRAFT, Status.PRIVATE, Status.REJECTED, Status.WITHDRAWN, *UNDER_JUDGING})


def may_write(actor: Any, work: Work) -> bool:
    """May this person add words for the family now? Who sent or typed in the work changes the work itself."""
    return (
        work.status not in CLOSED
        and actor.pk not in (work.entered_by_id, work.submitted_by_id)
        and scope_of(actor).may(Perm.WORK_REVIEW, work)
        and bool(queries.media_of(work))
    )


@transaction.atomic
def write(*, actor: Any, work: Work, transcript: str, track: str) -> None:
    """A reviewer writes down what is said and adds captions (WebVTT, "" for none); the gate reads them anew.

    Whoever wrote them is no reader of this work behind the gate.
    """
    scope_of(actor).require(Perm.WORK_REVIEW, work)
    if not may_write(actor, work):
        raise WorkflowError(_("这件作品现在不能补文字稿和字幕。"))
    before = (str(work.extra.get("transcript") or ""), spoken.captions_text_of(queries.media_of(work)))
    if before == (transcript, track):
        return
    extra = {**work.extra, "transcript": transcript}
    changed = Work.objects.filter(pk=work.pk, status=work.status, updated_at=work.updated_at).update(
        extra=extra, words_by=actor, updated_at=timezone.now()
    )
    if not changed:
        raise StaleState(_("这件作品刚刚有改动，请刷新后再补。"))
    work.refresh_from_db()
    set_captions(target=work, actor=actor, text=track)
    record("work.words_written", actor=actor, target=work, changed=["transcript", "captions"])
    gate.check_current(work, actor=actor)
