"""States of a campaign, duties in a leading group, phases and pace; no database."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
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


# A level means the federations of the places of that level, development zones included.
TERRITORIAL = ("federation", "development_zone")


class GroupKind(TextChoices):
    """A leading group lasts as long as the campaign; a task force (工作专班) has an end."""

    LEADING = "leading", _("领导组")
    TASK_FORCE = "force", _("工作专班")


class PhaseState(TextChoices):
    """Where a phase stands on a day."""

    PAST = "past", _("已结束")
    NOW = "now", _("进行中")
    NEXT = "next", _("未开始")


def phase_state(starts_on: date, ends_on: date, day: date) -> PhaseState:
    """Over, under way or to come; both dates belong to the phase."""
    if day < starts_on:
        return PhaseState.NEXT
    return PhaseState.NOW if day <= ends_on else PhaseState.PAST


# What a plan says, after the scheme for clean offices (seed 002): five answers of a few sentences.
PLAN_PARTS = {
    "year": _("年度有计划"),
    "focus": _("阶段有重点"),
    "steps": _("落实有步骤"),
    "features": _("活动有特色"),
    "results": _("推动有成效"),
}
PLAN_MOST = 500
# Days in which an addressed unit confirms a document, where the document says nothing else.
CONFIRM_DAYS = 5
# Share of the period gone minus share of the goal reached, in points, from which a unit is told it is behind.
BEHIND_POINTS = 10


@dataclass(frozen=True)
class Pace:
    """序时进度 (domain reference §9.6): the state in words, with an icon; colour only repeats it."""

    code: str
    label: Promise
    icon: str
    tone: str


DONE = Pace("done", _("已完成"), "check-circle-fill", "ok")
ON_TIME = Pace("on_time", _("达到序时进度"), "check2", "ok")
SLOW = Pace("slow", _("略慢于序时进度"), "clock-history", "warn")
BEHIND = Pace("behind", _("落后于序时进度"), "exclamation-triangle-fill", "bad")
NOT_BEGUN = Pace("not_begun", _("还没开始"), "hourglass", "")


def elapsed_percent(starts_on: date, ends_on: date, day: date) -> float:
    """Share of the days of a period that are over on the evening of `day`, 0–100."""
    whole = (ends_on - starts_on).days + 1
    gone = (min(day, ends_on) - starts_on).days + 1
    return round(max(0, gone) * 100 / whole, 1)


def pace(done: int, target: int, elapsed: float) -> Pace:
    """How what was reached stands to the time that is gone."""
    if done >= target:
        return DONE
    if elapsed <= 0:
        return NOT_BEGUN
    gap = elapsed - done * 100 / target
    if gap <= 0:
        return ON_TIME
    return SLOW if gap <= BEHIND_POINTS else BEHIND


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
