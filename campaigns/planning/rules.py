"""States of a campaign and duties in a leading group; no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class CampaignStatus(TextChoices):
    """DRAFT → RUNNING → CLOSED; a closed campaign can be opened again."""

    DRAFT = "draft", _("筹备中")
    RUNNING = "running", _("进行中")
    CLOSED = "closed", _("已结束")


class Duty(TextChoices):
    """Place of a person in the leading group, in the order in which they are listed."""

    HEAD = "head", _("组长")
    DEPUTY = "deputy", _("副组长")
    MEMBER = "member", _("成员")
    OFFICE = "office", _("办公室")


TONES = {CampaignStatus.DRAFT: "", CampaignStatus.RUNNING: "ok", CampaignStatus.CLOSED: "info"}
# Shown to everybody; a campaign that is being prepared is seen by staff only.
PUBLIC_STATES = (CampaignStatus.RUNNING, CampaignStatus.CLOSED)

TRANSITIONS = table(
    Transition(
        name="open",
        sources=frozenset({CampaignStatus.DRAFT}),
        target=CampaignStatus.RUNNING,
        perm=Perm.CAMPAIGN_EDIT,
        verb="campaign.opened",
        label=_("启动活动"),
    ),
    Transition(
        name="close",
        sources=frozenset({CampaignStatus.RUNNING}),
        target=CampaignStatus.CLOSED,
        perm=Perm.CAMPAIGN_EDIT,
        verb="campaign.closed",
        label=_("结束活动"),
        needs_reason=True,
    ),
    Transition(
        name="reopen",
        sources=frozenset({CampaignStatus.CLOSED}),
        target=CampaignStatus.RUNNING,
        perm=Perm.CAMPAIGN_EDIT,
        verb="campaign.reopened",
        label=_("重新启动"),
        needs_reason=True,
    ),
)
