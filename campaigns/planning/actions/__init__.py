"""Every write on campaigns and what hangs on them."""

from campaigns.planning.actions.campaigns import (
    create_campaign,
    edit_campaign,
    partners_by_name,
    remove_phase,
    save_phase,
    set_outcomes,
    step,
)
from campaigns.planning.actions.goals import (
    set_goal,
    set_goals,
)
from campaigns.planning.actions.groups import (
    end_membership,
    save_group,
    save_liaison,
    save_member,
)
from campaigns.planning.actions.policies import (
    address_below,
    confirm_receipt,
    edit_policy,
    issue_policy,
    renew_policy,
)
from campaigns.planning.actions.tags import (
    save_tag_set,
)

__all__ = [
    "address_below",
    "confirm_receipt",
    "create_campaign",
    "edit_campaign",
    "edit_policy",
    "end_membership",
    "issue_policy",
    "partners_by_name",
    "remove_phase",
    "renew_policy",
    "save_group",
    "save_liaison",
    "save_member",
    "save_phase",
    "save_tag_set",
    "set_goal",
    "set_goals",
    "set_outcomes",
    "step",
]
