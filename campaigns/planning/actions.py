"""Every write on campaigns, their documents, leading groups and goals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.planning.models import (
    Campaign,
    Goal,
    LeadingGroup,
    LeadingGroupMember,
    Partner,
    PolicyDocument,
)
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.reviews.workflow import move
from portal.units.models import Unit

CAMPAIGN_FIELDS = ("slug", "name", "slogan", "summary", "starts_on", "ends_on", "themes")
POLICY_FIELDS = ("issue_no", "title", "issued_on", "summary", "text")


def partners_by_name(names: Iterable[str], *, is_demo: bool = False) -> list[Partner]:
    """Partners of these names; new names join the list. Runs inside the transaction of its caller."""
    wanted = list(dict.fromkeys(name.strip()[:60] for name in names if name.strip()))
    known = {row.name: row for row in Partner.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in known:
            known[name] = Partner.objects.get_or_create(name=name, defaults={"is_demo": is_demo})[0]
    return [known[name] for name in wanted]


def create_campaign(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    organisers: Sequence[Unit] = (),
    partners: Sequence[str] = (),
    client_token: str | None = None,
    is_demo: bool = False,
) -> Campaign:
    """Add a campaign of `unit`; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, unit)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                unit=unit,
                created_by=actor,
                client_token=client_token or None,
                is_demo=is_demo,
                **{name: fields[name] for name in CAMPAIGN_FIELDS if name in fields},
            )
            campaign.organisers.set(organisers)
            campaign.partners.set(partners_by_name(partners, is_demo=is_demo))
            record("campaign.created", actor=actor, target=campaign, changed=fields.keys())
            return campaign
    except IntegrityError:
        known = (
            Campaign.objects.filter(client_token=client_token, created_by=actor).first()
            if client_token
            else None
        )
        if known is None:
            raise
        return known


@transaction.atomic
def edit_campaign(
    *,
    actor: User,
    campaign: Campaign,
    fields: Mapping[str, Any],
    organisers: Sequence[Unit] | None = None,
    partners: Sequence[str] | None = None,
) -> Campaign:
    """Change words and dates, organisers and partners (None leaves them as they are)."""
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
    record("campaign.edited", actor=actor, target=campaign, changed=changed)
    return campaign


def step(*, actor: User, campaign: Campaign, name: str, reason: str = "") -> Campaign:
    """Open, close or reopen."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    move(campaign, name, actor=actor, reason=reason)
    return campaign


@transaction.atomic
def set_leading_group(
    *,
    actor: User,
    campaign: Campaign,
    unit: Unit,
    name: str,
    members: Sequence[Mapping[str, Any]],
    since: date | None = None,
    group: LeadingGroup | None = None,
) -> LeadingGroup:
    """The group (the given one, or that of this name) with exactly these members: dicts of name, office,
    duty, since, until."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    if group is not None:
        LeadingGroup.objects.filter(pk=group.pk).update(name=name, since=since)
    else:
        group, _ = LeadingGroup.objects.update_or_create(
            campaign=campaign, unit=unit, name=name, defaults={"since": since}
        )
    group.members.all().delete()
    LeadingGroupMember.objects.bulk_create(
        [LeadingGroupMember(group=group, sort=number, **member) for number, member in enumerate(members)]
    )
    record("leading_group.set", actor=actor, target=group, unit=unit, changed=["members"])
    return group


@transaction.atomic
def issue_policy(
    *,
    actor: User,
    campaign: Campaign,
    fields: Mapping[str, Any],
    unit: Unit | None = None,
    is_demo: bool = False,
) -> PolicyDocument:
    """Attach a document to a campaign."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    policy = PolicyDocument.objects.create(
        campaign=campaign,
        unit=unit or campaign.unit,
        is_demo=is_demo,
        **{name: fields[name] for name in POLICY_FIELDS if name in fields},
    )
    record("policy.issued", actor=actor, target=policy, changed=fields.keys())
    return policy


@transaction.atomic
def edit_policy(*, actor: User, policy: PolicyDocument, fields: Mapping[str, Any]) -> PolicyDocument:
    """Correct a document."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, policy.campaign.unit)
    changed = [name for name in POLICY_FIELDS if name in fields and getattr(policy, name) != fields[name]]
    for name in changed:
        setattr(policy, name, fields[name])
    if changed:
        policy.save(update_fields=changed)
        record("policy.edited", actor=actor, target=policy, changed=changed)
    return policy


@transaction.atomic
def set_goal(
    *, actor: User, unit: Unit, metric: str, year: int, target: int, campaign: Campaign | None = None
) -> Goal:
    """What `unit` means to reach; setting it again changes it, with the old value in the journal."""
    scope_of(actor).require(Perm.GOAL_EDIT, unit)
    if target < 0:
        raise ValueError("a target is not negative")
    known = Goal.objects.filter(unit=unit, metric=metric, year=year, campaign=campaign).first()
    before = known.target if known else None
    goal, _ = Goal.objects.update_or_create(
        unit=unit, metric=metric, year=year, campaign=campaign, defaults={"target": target, "set_by": actor}
    )
    if before != target:
        details = {"metric": metric, "year": year, "before": before, "after": target}
        record("goal.set", actor=actor, target=goal, changed=["target"], details=details)
    return goal
