"""Applications of the units."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.models import BaseBatch, DemoBase, Venue
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import venues as venue_rules
from campaigns.venues.rules.bases import Status
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError, move


def _check_applicant(batch: BaseBatch, venue: Venue) -> None:
    if not batch.is_open:
        raise WorkflowError(_("这个批次现在不在申报期内。"))
    if venue.status not in venue_rules.OPEN:
        raise WorkflowError(_("停用的阵地不能申报。"))
    if not venue.unit.path.startswith(batch.unit.path):
        raise WorkflowError(_("这个阵地不在命名单位的范围内。"))
    if batch.pool.exists() and not batch.pool.filter(pk=venue.unit_id).exists():
        raise WorkflowError(_("这个单位不在本批次可申报的名单里（只从清廉乡村示范村、社区等名单中选树）。"))


@once(DemoBase, taken=lambda: WorkflowError(_("这个阵地已有一份申报在办理，或已经命名。")))
def apply(
    *,
    actor: User,
    batch: BaseBatch,
    venue: Venue,
    client_token: str | None = None,
    is_demo: bool = False,
) -> DemoBase:
    """Begin an application for a venue; the counted activities of the last twelve months come linked.

    Raises WorkflowError outside the period or pool, or while the venue has another open application.
    """
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    _check_applicant(batch, venue)
    base = DemoBase.objects.create(
        batch=batch, venue=venue, unit=venue.unit, title_word=batch.title_word, created_by=actor,
        client_token=client_token, is_demo=is_demo,
    )  # fmt: skip
    base.activities.set(queries.activities_of(venue.unit)[:200])
    record("base.begun", actor=actor, target=base)
    return base


@transaction.atomic
def edit(
    *,
    actor: User,
    base: DemoBase,
    intro: str,
    regulations: str,
    activity_ids: Iterable[int],
    picked: Picked | None = None,
    documents: Picked | None = None,
) -> DemoBase:
    """Change a draft. Only counted activities of the unit can be linked."""
    scope_of(actor).require(Perm.VENUE_EDIT, base)
    changed = DemoBase.objects.filter(pk=base.pk, status=Status.DRAFT).update(
        intro=intro.strip(), regulations=regulations.strip(), updated_at=timezone.now()
    )
    if not changed:
        raise WorkflowError(_("申报已经提交，需要修改请先撤回或请对方退回。"))
    base.refresh_from_db()
    base.activities.set(queries.activities_of(base.unit).filter(pk__in=list(activity_ids)))
    settle_all(target=base, actor=actor, picked=(picked, documents))
    record("base.edited", actor=actor, target=base, changed=["intro", "regulations", "activities"])
    return base


def submit(*, actor: User, base: DemoBase) -> None:
    """Hand the application in. Raises WorkflowError while the introduction is missing."""
    _check_applicant(base.batch, base.venue)
    if not base.intro:
        raise WorkflowError(_("请先写情况介绍（1500 字以内）。"))
    move(base, "submit", actor=actor, fields={"submitted_by": actor, "submitted_at": timezone.now()})
