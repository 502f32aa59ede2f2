"""Forms of campaigns. They write nothing."""

from campaigns.planning.forms.campaigns import CampaignForm, PhaseForm
from campaigns.planning.forms.frames import OutcomeFormSet, PlanForm, TagFormSet, TagSetForm
from campaigns.planning.forms.goals import GoalTableForm
from campaigns.planning.forms.groups import EndForm, GroupForm, LiaisonForm, MemberForm, PartnerForm
from campaigns.planning.forms.policies import PolicyForm

__all__ = [
    "CampaignForm",
    "EndForm",
    "GoalTableForm",
    "GroupForm",
    "LiaisonForm",
    "MemberForm",
    "OutcomeFormSet",
    "PartnerForm",
    "PhaseForm",
    "PlanForm",
    "PolicyForm",
    "TagFormSet",
    "TagSetForm",
]
