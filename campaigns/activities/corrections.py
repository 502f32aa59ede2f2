"""Correcting a record that counts already: proposed with a reason, confirmed by a second person, kept to be seen.

A counted figure stands in reports. It is never changed silently: the lines of a correction say what each field
was and became, why, by whom and when; the record carries a mark in every list; roll-ups follow (domain
reference §8.4, "unlock with reason after quarter close").
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities import actions, queries, values
from campaigns.activities.models import Activity, Amendment, Correction
from campaigns.activities.rules import COUNTED, CorrectionStatus
from campaigns.planning.models import Campaign
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.dashboards.tasks import queue_rollup
from portal.journal.actions import record
from portal.publication.actions import check_current
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit


def propose(
    *,
    actor: User,
    activity: Activity,
    version: int,
    reason: str,
    fields: Mapping[str, Any],
    co_units: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
    media: Sequence[Mapping[str, Any]] | None = None,
    more_campaigns: Sequence[Campaign] | None = None,
    client_token: str | None = None,
) -> Correction:
    """Write down what shall change and why; the record itself stays as it is until somebody else confirms.

    The same token twice gives the first correction back. Raises WorkflowError without a reason, without a
    change, or while another correction waits; StaleState when the record was changed meanwhile.
    """
    scope_of(actor).require(Perm.ACTIVITY_LOG, activity.unit)
    known = Correction.objects.filter(client_token=client_token, by=actor).first() if client_token else None
    if known is not None:
        return known
    if activity.status not in COUNTED:
        raise WorkflowError(_("这条记录还没有审核通过，直接修改就行，不用更正。"))
    if activity.version != version:
        raise StaleState(_("这条记录刚刚被别人更正过，请重新打开核对。"))
    if not reason.strip():
        raise WorkflowError(_("请写明更正的原因，会留在这条记录上。"))
    asked = values.wanted(
        fields, co_units=co_units, partners=partners, media=media, more_campaigns=more_campaigns
    )
    now = values.snapshot(queries.whole(activity.pk))
    actions.check(values.to_model({**now, **asked}), activity.unit)
    changes = [
        (name, now[name], value) for name, value in asked.items() if name in now and now[name] != value
    ]
    if not changes:
        raise WorkflowError(_("没有改动任何内容。"))
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                activity=activity, version=version, reason=reason.strip()[:200], by=actor,
                client_token=client_token or None,
            )  # fmt: skip
            Amendment.objects.bulk_create(
                Amendment(
                    correction=correction, field=name, old=old, new=new,
                    old_text=values.show(name, old), new_text=values.show(name, new),
                )
                for name, old, new in changes
            )  # fmt: skip
            record(
                "correction.proposed", actor=actor, target=correction, unit=activity.unit,
                changed=[name for name, _old, _new in changes], details={"no": activity.no, "reason": reason},
            )  # fmt: skip
    except IntegrityError as error:
        raise WorkflowError(_("这条记录已经有一个更正在等确认，请先处理那一个。")) from error
    return correction


@transaction.atomic
def decide(*, actor: User, correction: Correction, name: str, reason: str = "") -> Correction:
    """Confirm, refuse or withdraw. Confirming changes the record and its figures at once."""
    activity = correction.activity
    if name == "withdraw":
        if correction.by_id != actor.pk:
            raise PermissionDenied("another person's correction")
    else:
        scope_of(actor).require(Perm.ACTIVITY_REVIEW, activity.unit)
    fields: dict[str, Any] = {"decided_by": actor, "decided_at": timezone.now()}
    move(correction, name, actor=actor, reason=reason, fields=fields)
    if correction.status == CorrectionStatus.APPLIED:
        _apply(correction, actor)
    return correction


def _apply(correction: Correction, actor: User) -> None:
    activity = correction.activity
    new = {line.field: line.new for line in correction.lines.all()}
    columns = values.to_model(new)
    before = timezone.localdate(activity.starts_at)
    rows = Activity.objects.filter(pk=activity.pk, version=correction.version, status__in=COUNTED)
    changed = rows.update(
        version=F("version") + 1,
        amendment_count=F("amendment_count") + 1,
        updated_at=timezone.now(),
        **columns,
    )
    if not changed:
        raise StaleState(_("提出更正以后，这条记录又变过了。请不同意这一个，由经办重新提出。"))
    activity.refresh_from_db()
    actions.attach(activity, actor=actor, **values.beside(new))
    record(
        "activity.amended",
        actor=actor,
        target=activity,
        changed=list(new),
        details={"reason": correction.reason},
    )
    queue_rollup("activities", before)  # the journal entry queues the month it is in now
    check_current(activity, actor=actor)
