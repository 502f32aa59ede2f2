"""Every write on activities."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities import rules, sheet
from campaigns.activities.models import Activity, ActivityUnit, MediaLink
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import Source, Status
from campaigns.activities.tagging import set_tags
from campaigns.planning.actions import partners_by_name
from campaigns.planning.models import Campaign
from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle
from portal.files.picked import Picked
from portal.files.queries import attached_to
from portal.journal.actions import record
from portal.publication.actions import check_current
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

# What a person can write into a record; everything else is kept by the actions themselves.
FIELDS = (
    "title", "campaign", "campaign_id", "part_of", "part_of_id", "kind", "level", "starts_at", "ends_at", "place", "area", "area_id", "form", "audiences",
    *rules.MEASURES, *(f"{name}_estimated" for name in rules.MEASURES), "measure_note",
    "summary", "highlights", "node", "contact", "contact_phone", "remark", "late_reason", "is_featured",
)  # fmt: skip


def log_activity(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    co_units: Sequence[Unit] = (),
    partners: Sequence[str] = (),
    media: Sequence[Mapping[str, Any]] = (),
    more_campaigns: Sequence[Campaign] = (),
    picked: Picked | None = None,
    documents: Picked | None = None,
    client_token: str | None = None,
    submit: bool = False,
    source: Source = Source.MANUAL,
    is_demo: bool = False,
) -> Activity:
    """Write down one activity of `unit`, as a draft or submitted at once.

    The same `client_token` twice gives the first record back. Raises ValidationError by field.
    """
    scope_of(actor).require(Perm.ACTIVITY_LOG, unit)
    return _create(
        actor=actor, unit=unit, fields=fields, co_units=co_units, partners=partners, media=media,
        more_campaigns=more_campaigns, picked=(picked, documents), client_token=client_token, step_after="submit" if submit else "", source=source, is_demo=is_demo,
        verb="activity.logged",
    )  # fmt: skip


def import_activity(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    co_units: Sequence[Unit] = (),
    partners: Sequence[str] = (),
    media: Sequence[Mapping[str, Any]] = (),
    more_campaigns: Sequence[Campaign] = (),
    client_token: str,
    submit: bool = True,
) -> Activity:
    """One row of an imported table; `client_token` makes a repeated row the same record."""
    scope_of(actor).require(Perm.ACTIVITY_IMPORT, unit)
    return _create(
        actor=actor, unit=unit, fields=fields, co_units=co_units, partners=partners, media=media,
        more_campaigns=more_campaigns, picked=(), client_token=client_token, step_after="hand_in" if submit else "", source=Source.IMPORT, is_demo=False,
        verb="activity.imported",
    )  # fmt: skip


def _create(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    co_units: Sequence[Unit],
    partners: Sequence[str],
    media: Sequence[Mapping[str, Any]],
    more_campaigns: Sequence[Campaign],
    picked: Sequence[Picked | None],
    client_token: str | None,
    step_after: str,
    source: Source,
    is_demo: bool,
    verb: str,
) -> Activity:
    known = _by_token(client_token, actor)
    if known is not None:
        return known
    check(fields, unit)
    try:
        with transaction.atomic():
            values = {"level": unit.level} | {name: fields[name] for name in FIELDS if name in fields}
            activity = Activity.objects.create(
                no=allocate(timezone.localtime(fields["starts_at"]).year)[0],
                unit=unit,
                source=source,
                is_demo=is_demo,
                created_by=actor,
                client_token=client_token or None,
                **values,
            )
            attach(
                activity, actor=actor, co_units=co_units, partners=partners, media=media,
                more_campaigns=more_campaigns, picked=picked,
            )  # fmt: skip
            set_tags(activity, fields)
            record(verb, actor=actor, target=activity, changed=values.keys())
            if step_after:
                step(actor=actor, activity=activity, name=step_after)
    except IntegrityError:
        known = _by_token(client_token, actor)
        if known is None:
            raise
        return known
    return activity


def _by_token(token: str | None, actor: User) -> Activity | None:
    """The record that a form sent earlier; somebody else's token is refused."""
    known = Activity.objects.filter(client_token=token).select_related("unit").first() if token else None
    if known is not None and known.created_by_id != actor.pk:
        raise PermissionDenied("another person's form token")
    return known


def check(fields: Mapping[str, Any], unit: Unit) -> None:
    """Raises ValidationError by field for what cannot be stored."""
    found: rules.Faults = dict(rules.faults(fields))
    if unit.is_closed:
        found["unit"] = _("“%(name)s”已撤销，不能再记活动。") % {"name": unit.short_name}
    if found:
        raise ValidationError({name: [str(words)] for name, words in found.items()})


def attach(
    activity: Activity,
    *,
    actor: User,
    co_units: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
    media: Sequence[Mapping[str, Any]] | None = None,
    more_campaigns: Sequence[Campaign] | None = None,
    picked: Sequence[Picked | None] = (),
) -> None:
    """Everything beside the row itself; None leaves a part as it is. Called by the actions of this slice after
    their permission checks, inside their transaction."""
    if co_units is not None:
        wanted = {unit.pk for unit in co_units} - {activity.unit_id}
        activity.co_unit_links.exclude(unit__in=wanted).delete()
        links = [ActivityUnit(activity=activity, unit_id=pk) for pk in sorted(wanted)]
        ActivityUnit.objects.bulk_create(links, ignore_conflicts=True)
    if partners is not None:
        activity.partners.set(partners_by_name(partners, is_demo=activity.is_demo))
    if media is not None:
        activity.media_links.all().delete()
        MediaLink.objects.bulk_create([MediaLink(activity=activity, **link) for link in media])
    if more_campaigns is not None:
        activity.more_campaigns.set([row for row in more_campaigns if row.pk != activity.campaign_id])
    for files in picked:
        if files:
            settle(target=activity, actor=actor, picked=files)
    if any(picked):
        activity.photo_count = attached_to(activity, "photos").count()
        activity.document_count = attached_to(activity, "documents").count()
        Activity.objects.filter(pk=activity.pk).update(
            photo_count=activity.photo_count, document_count=activity.document_count
        )


@transaction.atomic
def edit_activity(
    *,
    actor: User,
    activity: Activity,
    version: int,
    fields: Mapping[str, Any],
    co_units: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
    media: Sequence[Mapping[str, Any]] | None = None,
    more_campaigns: Sequence[Campaign] | None = None,
    picked: Picked | None = None,
    documents: Picked | None = None,
) -> Activity:
    """Change a draft or a returned record. `version` is what the person saw: a later change by somebody
    else is not overwritten but raises StaleState. What counts already is changed by `corrections` only."""
    scope = scope_of(actor)
    may_log = scope.may(Perm.ACTIVITY_LOG, activity.unit)
    scope.require(rules.writers_perm(activity.source, may_log), activity.unit)
    check(fields, activity.unit)
    values = {name: fields[name] for name in FIELDS if name in fields}
    changed = [name for name, value in values.items() if getattr(activity, name) != value]
    rows = Activity.objects.filter(pk=activity.pk, version=version, status__in=rules.EDITABLE)
    if not rows.update(version=F("version") + 1, updated_at=timezone.now(), **values):
        raise StaleState(
            _("这条记录刚刚被别人修改或提交了。您填的内容还在下面，请在新窗口打开记录核对后再改。")
        )
    activity.refresh_from_db()
    attach(
        activity, actor=actor, co_units=co_units, partners=partners, media=media, more_campaigns=more_campaigns,
        picked=(picked, documents),
    )  # fmt: skip
    set_tags(activity, fields)
    record("activity.edited", actor=actor, target=activity, changed=changed)
    check_current(activity, actor=actor)
    return activity


def _check_complete(activity: Activity) -> None:
    """A hand-made record is submitted whole; imports and the demo bring what their sources have."""
    if activity.source != Source.MANUAL:
        return
    lacking = rules.missing({name: getattr(activity, name) for name in rules.NEEDED})
    if rules.is_late(activity.starts_at) and not activity.late_reason:
        lacking["late_reason"] = _("活动已过去 30 多天，请打开记录写一句补记的原因。")
    if lacking:
        raise WorkflowError(" ".join(str(words) for words in lacking.values()))


def step(*, actor: User, activity: Activity, name: str, reason: str = "") -> Activity:
    """Take one step of the table. The leading unit decides: organising a joint activity lets a unit see the
    record, not approve it."""
    row = rules.TRANSITIONS[name]
    if row.perm is not None:
        scope_of(actor).require(row.perm, activity.unit)
    if activity.is_published and row.target not in rules.COUNTED:
        raise WorkflowError(_("这场活动已经公开，请先撤下公开页，再退回或解除归档。"))
    if activity.is_counted and row.target not in rules.COUNTED and activity.is_closed:
        raise WorkflowError(
            _(
                "这条记录所在的季度已经结账，不能退回或解除归档。请用“更正”：写明原因，由另一位同事确认，原来的数字会留在记录上。"
            )
        )
    if name == "submit":
        _check_complete(activity)
    fields: dict[str, Any] = {"updated_at": timezone.now()}
    if row.target == Status.SUBMITTED:
        fields |= {"submitted_by": actor, "submitted_at": fields["updated_at"]}
    move(activity, name, actor=actor, reason=reason, fields=fields)
    return activity


@transaction.atomic
def discard_draft(*, actor: User, activity: Activity) -> None:
    """Throw away a draft that was never submitted; the journal keeps that it existed."""
    scope_of(actor).require(Perm.ACTIVITY_LOG, activity.unit)
    if activity.status != Status.DRAFT or activity.submitted_at is not None:
        raise StaleState(_("只有从未提交过的草稿可以删除。"))
    record(
        "activity.discarded",
        actor=actor,
        target=activity,
        details={"no": activity.no, "title": activity.title},
    )
    Activity.objects.filter(pk=activity.pk, status=Status.DRAFT).delete()


@transaction.atomic
def show_in_public(*, actor: Actor, activity: Activity) -> None:
    """Called by the publication gate, which has asked two people; an unapproved record stays hidden."""
    rows = Activity.objects.filter(pk=activity.pk, status__in=rules.COUNTED)
    if not rows.update(is_published=True, published_at=timezone.now(), updated_at=timezone.now()):
        raise WorkflowError(_("这场活动还没有审核通过（或刚被退回），不能公开。"))
    activity.is_published = True
    record("activity.published", actor=actor, target=activity, changed=["is_published"])


@transaction.atomic
def hide_from_public(*, actor: Actor, activity: Activity) -> None:
    """Called by the publication gate when a page is taken down."""
    rows = Activity.objects.filter(pk=activity.pk, is_published=True)
    if rows.update(is_published=False, updated_at=timezone.now()):
        activity.is_published = False
        record("activity.taken_down", actor=actor, target=activity, changed=["is_published"])


@transaction.atomic
def export_ledger(*, actor: User, rows: Sequence[Activity], unit: Unit) -> bytes:
    """A ledger sheet of these records, which the caller took from the actor's scope; the journal counts rows."""
    scope_of(actor).require(Perm.EXPORT_PLAIN)
    data = sheet.workbook(rows, unit_name=unit.name, by=str(actor))
    record("activity.exported", actor=actor, target=unit, unit=unit, details={"rows": len(rows)})
    return data
