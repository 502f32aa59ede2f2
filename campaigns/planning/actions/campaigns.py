"""Writes on campaigns and their phases."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from campaigns.planning.models import Campaign, Outcome, Partner, Phase, TagSet
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import move
from portal.units.models import Unit

CAMPAIGN_FIELDS = ("slug", "name", "slogan", "summary", "starts_on", "ends_on", "themes", "part_of", "plan")
PHASE_FIELDS = ("name", "starts_on", "ends_on", "focus")


def partners_by_name(names: Iterable[str], *, is_demo: bool = False) -> list[Partner]:
    """Partners of these names; new names join the list. Runs inside the transaction of its caller."""
    wanted = list(dict.fromkeys(name.strip()[:60] for name in names if name.strip()))
    known = {row.name: row for row in Partner.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in known:
            known[name] = Partner.objects.get_or_create(name=name, defaults={"is_demo": is_demo})[0]
    return [known[name] for name in wanted]


@once(Campaign)
def create_campaign(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    organisers: Sequence[Unit] = (),
    partners: Sequence[str] = (),
    pilots: Sequence[Unit] = (),
    tag_sets: Sequence[TagSet] = (),
    client_token: str | None = None,
    is_demo: bool = False,
) -> Campaign:
    """Add a campaign of `unit`; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, unit)
    campaign = Campaign.objects.create(
        unit=unit,
        created_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in CAMPAIGN_FIELDS if name in fields},
    )
    campaign.organisers.set(organisers)
    campaign.partners.set(partners_by_name(partners, is_demo=is_demo))
    campaign.pilots.set(pilots)
    campaign.tag_sets.set(tag_sets)
    record("campaign.created", actor=actor, target=campaign, changed=fields.keys())
    return campaign


@transaction.atomic
def edit_campaign(
    *,
    actor: User,
    campaign: Campaign,
    fields: Mapping[str, Any],
    organisers: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
    pilots: Sequence[Unit] | None = None,
    tag_sets: Sequence[TagSet] | None = None,
) -> Campaign:
    """Change words and dates, organisers, partners, pilots and tag sets (None leaves them as they are)."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    changed = [name for name in CAMPAIGN_FIELDS if name in fields and getattr(campaign, name) != fields[name]]
    for name in changed:
        setattr(campaign, name, fields[name])
    if changed:
        campaign.save(update_fields=[*changed, "updated_at"])
    if organisers is not None:
        campaign.organisers.set(organisers)
    if partners is not None:
        campaign.partners.set(partners_by_name(partners))
    if pilots is not None:
        campaign.pilots.set(pilots)
    if tag_sets is not None:
        campaign.tag_sets.set(tag_sets)
    record("campaign.edited", actor=actor, target=campaign, changed=changed)
    return campaign


def step(*, actor: User, campaign: Campaign, name: str, reason: str = "") -> Campaign:
    """Open, close or reopen."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    move(campaign, name, actor=actor, reason=reason)
    return campaign


@transaction.atomic
def save_phase(
    *, actor: User, campaign: Campaign, fields: Mapping[str, Any], phase: Phase | None = None
) -> Phase:
    """Add a phase or change one. Raises IntegrityError when the name is taken in this campaign."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    values = {name: fields[name] for name in PHASE_FIELDS if name in fields}
    if phase is None:
        phase = Phase.objects.create(campaign=campaign, **values)
    else:
        Phase.objects.filter(pk=phase.pk, campaign=campaign).update(**values)
        phase.refresh_from_db()
    record("phase.saved", actor=actor, target=phase, unit=campaign.unit, changed=values.keys())
    return phase


@transaction.atomic
def remove_phase(*, actor: User, campaign: Campaign, phase: Phase) -> None:
    """Take a phase out of the plan; the journal keeps its name and dates."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    details = {"name": phase.name, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
    record("phase.removed", actor=actor, target=phase, unit=campaign.unit, details=details)
    Phase.objects.filter(pk=phase.pk, campaign=campaign).delete()


@transaction.atomic
def set_outcomes(*, actor: User, campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> None:
    """Exactly these outcomes in this order: dicts of statement, evidence, link."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    campaign.outcomes.all().delete()
    Outcome.objects.bulk_create(
        [Outcome(campaign=campaign, sort=sort, **row) for sort, row in enumerate(rows)]
    )
    record("outcomes.set", actor=actor, target=campaign, changed=["outcomes"])
