"""What is prepared for a key date, and what a unit answers."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities.actions import discard_draft
from campaigns.activities.models import Activity
from campaigns.activities.proposing import propose_activity
from campaigns.activities.rules import Status
from campaigns.calendar import queries
from campaigns.calendar.actions.reminders import propose_reminder
from campaigns.calendar.dates import Span
from campaigns.calendar.models import CalendarNode, NodeTurn
from campaigns.calendar.rules import TurnStatus
from portal.access.actors import SYSTEM
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit


def prepare_due(today: date | None = None) -> dict[str, int]:
    """Prepare the drafts of everything whose time has come. Run twice, or by two workers, it makes each once."""
    counts = {"drafts": 0, "reminders": 0}
    for node, year, span in queries.due_nodes(today or timezone.localdate()):
        made = NodeTurn.objects.filter(node=node, year=year).values("unit_id")
        for unit in queries.addressed(node).exclude(pk__in=made):
            counts["drafts"] += prepare_turn(node, unit, year, span)
        if node.with_reminder:
            counts["reminders"] += propose_reminder(node, span)
    return counts


def prepare_turn(node: CalendarNode, unit: Unit, year: int, span: Span) -> bool:
    """The draft of one unit; False when somebody else was faster."""
    try:
        with transaction.atomic():
            turn = NodeTurn.objects.create(node=node, unit=unit, year=year, first=span.first, last=span.last)
            turn.activity = queries.known_record(node, unit, span) or _draft(turn)
            turn.save(update_fields=["activity", "drafts"])
            record("node.prepared", actor=SYSTEM, target=turn)
    except IntegrityError:
        return False
    except ValidationError:  # the day lies too far ahead for a draft: it is made on a later day
        return False
    return True


def _draft(turn: NodeTurn) -> Activity:
    node, unit = turn.node, turn.unit
    past = queries.past_records(node.names, [unit.pk], turn.first).get(unit.pk, [])
    title = (node.title or _("“{节点}”清廉家庭主题活动")).replace("{节点}", node.name)
    title = title.replace("{单位}", unit.short_name).replace("{年}", str(turn.year))
    nine = datetime(
        turn.first.year, turn.first.month, turn.first.day, 9, tzinfo=timezone.get_current_timezone()
    )
    turn.drafts += 1
    return propose_activity(
        unit=unit,
        client_token=f"node-{turn.pk}-{turn.drafts}",
        is_demo=node.is_demo,
        fields={
            "title": title[:80],
            "kind": past[0].kind if past else node.activity_kind,
            "starts_at": nine,
            "place": node.place or (past[0].place if past else ""),
            "node": node.name,
        },
    )


@transaction.atomic
def decline(turn: NodeTurn, *, actor: Any, reason: str) -> None:
    """今年不办, with a reason; the untouched draft goes. A record that was sent in stays and refuses this."""
    activity = turn.activity
    if activity is not None and (activity.status != Status.DRAFT or activity.submitted_at is not None):
        raise WorkflowError(_("这个节点的活动已经提交过，不能再写“今年不办”。"))
    move(turn, "decline", actor=actor, reason=reason)
    if activity is not None:
        discard_draft(actor=actor, activity=activity)
        turn.activity = None


@transaction.atomic
def resume(turn: NodeTurn, *, actor: Any) -> None:
    """还是要办: a fresh draft."""
    move(turn, "resume", actor=actor)
    turn.activity = _draft(turn)
    NodeTurn.objects.filter(pk=turn.pk, status=TurnStatus.PREPARED).update(
        activity=turn.activity, drafts=turn.drafts
    )
