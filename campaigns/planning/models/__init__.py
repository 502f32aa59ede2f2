"""Campaigns with tag sets, phases, leading groups, policy documents and receipts, partners and goals."""

from campaigns.planning.models.campaigns import Campaign, Outcome, Partner, Phase, Tag, TagSet
from campaigns.planning.models.goals import Goal
from campaigns.planning.models.groups import LeadingGroup, LeadingGroupMember, Liaison
from campaigns.planning.models.policies import PolicyDocument, PolicyReceipt

__all__ = [
    "Campaign",
    "Goal",
    "LeadingGroup",
    "LeadingGroupMember",
    "Liaison",
    "Outcome",
    "Partner",
    "Phase",
    "PolicyDocument",
    "PolicyReceipt",
    "Tag",
    "TagSet",
]
