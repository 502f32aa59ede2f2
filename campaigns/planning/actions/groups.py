"""Writes on leading groups, their members, and the liaison of partners."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign, LeadingGroup, LeadingGroupMember, Liaison, Partner
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

GROUP_FIELDS = ("kind", "name", "since", "until")
MEMBER_FIELDS = ("name", "office", "duty", "since", "until")
LIAISON_FIELDS = ("office", "person", "phone", "share")


@transaction.atomic
def save_group(
    *,
    actor: User,
    campaign: Campaign,
    fields: Mapping[str, Any],
    group: LeadingGroup | None = None,
    unit: Unit | None = None,
) -> LeadingGroup:
    """Add a leading group or task force, or change its name and dates. IntegrityError when the name is taken."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    values = {name: fields[name] for name in GROUP_FIELDS if name in fields}
    if group is None:
        group = LeadingGroup.objects.create(campaign=campaign, unit=unit or campaign.unit, **values)
    else:
        LeadingGroup.objects.filter(pk=group.pk, campaign=campaign).update(**values)
        group.refresh_from_db()
    record("leading_group.set", actor=actor, target=group, changed=values.keys())
    return group


@transaction.atomic
def save_member(
    *,
    actor: User,
    group: LeadingGroup,
    fields: Mapping[str, Any],
    member: LeadingGroupMember | None = None,
) -> LeadingGroupMember:
    """Add somebody to a group, or correct an entry. The same name serving twice at once is refused."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, group.campaign.unit)
    values = {name: fields[name] for name in MEMBER_FIELDS if name in fields}
    serving = group.members.filter(name=values.get("name", ""), until__isnull=True)
    if values.get("until") is None and serving.exclude(pk=member.pk if member else 0).exists():
        raise WorkflowError(_("“%(name)s”已在名单里，请直接修改那一行。") % {"name": values["name"]})
    if member is None:
        last = group.members.aggregate(last=Max("sort"))["last"]
        sort = 0 if last is None else last + 1
        member = LeadingGroupMember.objects.create(group=group, sort=sort, **values)
        record("group_member.added", actor=actor, target=member, unit=group.unit, changed=values.keys())
    else:
        LeadingGroupMember.objects.filter(pk=member.pk, group=group).update(**values)
        member.refresh_from_db()
        record("group_member.edited", actor=actor, target=member, unit=group.unit, changed=values.keys())
    return member


@transaction.atomic
def end_membership(*, actor: User, member: LeadingGroupMember, until: date) -> None:
    """From the day after `until` the person is shown as a past member; nobody is deleted."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, member.group.campaign.unit)
    if member.since is not None and until < member.since:
        raise WorkflowError(_("任职止早于任职起，请核对日期。"))
    if not LeadingGroupMember.objects.filter(pk=member.pk, until__isnull=True).update(until=until):
        raise StaleState(_("这一位的任职已经结束，请刷新后查看。"))
    member.until = until
    record("group_member.ended", actor=actor, target=member, unit=member.group.unit, changed=["until"])


@transaction.atomic
def save_liaison(*, actor: User, campaign: Campaign, partner: Partner, fields: Mapping[str, Any]) -> Liaison:
    """Who speaks for a partner in this campaign."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    values = {name: fields[name] for name in LIAISON_FIELDS if name in fields}
    liaison, _new = Liaison.objects.update_or_create(campaign=campaign, partner=partner, defaults=values)
    record("liaison.saved", actor=actor, target=liaison, unit=campaign.unit, changed=values.keys())
    return liaison
