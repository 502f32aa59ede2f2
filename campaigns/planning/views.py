"""Campaigns: pages for everybody, and planning for staff."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.planning import actions, panels, queries
from campaigns.planning.forms import CampaignForm, GoalForm, GroupForm, MemberFormSet, PolicyForm
from campaigns.planning.models import Campaign
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.metrics import METRICS
from portal.reviews.workflow import WorkflowError, available


@public
@require_safe
def public_index(request: Any) -> HttpResponse:
    """Campaigns under way and past."""
    rows = list(queries.public())
    context = {
        "running": [row for row in rows if row.is_running],
        "closed": [row for row in rows if not row.is_running],
    }
    return render(request, "campaigns/planning/public_index.html", context)


@public
@require_safe
def public_detail(request: Any, slug: str) -> HttpResponse:
    """Theme, organisers, documents, and what the other slices have on it."""
    campaign = queries.with_everything(queries.public()).filter(slug=slug).first()
    if campaign is None:
        raise Http404
    context = {"campaign": campaign, "panels": panels.shown(campaign)}
    return render(request, "campaigns/planning/public_detail.html", context)


@allow(Perm.CAMPAIGN_VIEW)
def index(request: Any) -> HttpResponse:
    """Campaigns that concern this person's units."""
    context = {
        "campaigns": queries.visible_to(request.scope),
        "may_edit": request.scope.has(Perm.CAMPAIGN_EDIT),
    }
    return render(request, "campaigns/planning/index.html", context)


def _seen(request: Any, slug: str) -> Campaign:
    found = queries.with_everything(queries.visible_to(request.scope)).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _mine(request: Any, slug: str) -> Campaign:
    """A campaign this person may change."""
    campaign = _seen(request, slug)
    request.scope.require(Perm.CAMPAIGN_EDIT, campaign.unit)
    return campaign


@allow(Perm.CAMPAIGN_VIEW)
def detail(request: Any, slug: str) -> HttpResponse:
    """One campaign for staff."""
    campaign = _seen(request, slug)
    year = timezone.localdate().year
    may_edit = request.scope.may(Perm.CAMPAIGN_EDIT, campaign.unit)
    goals_here = queries.goals_of(queries.units_in_reach(request.scope, Perm.METRIC_TOTALS), year)
    context = {
        "campaign": campaign,
        "groups": [(group, queries.serving(group)) for group in campaign.leading_groups.all()],
        "steps": available(campaign, request.scope) if may_edit else [],
        "may_edit": may_edit,
        "may_set_goals": request.scope.has(Perm.GOAL_EDIT),
        "goals": [
            (goal, METRICS[goal.metric].label if goal.metric in METRICS else goal.metric)
            for goal in goals_here.filter(campaign__in=[campaign]).order_by("unit__path", "metric")
        ],
        "year": year,
    }
    return render(request, "campaigns/planning/detail.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Plan a campaign."""
    form = CampaignForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        campaign = actions.create_campaign(
            actor=request.user,
            unit=form.cleaned_data["unit"],
            fields=form.values,
            organisers=list(form.cleaned_data["organisers"]),
            partners=form.partners,
            client_token=form.token,
        )
        messages.success(
            request, _("“%(name)s”已建好，启动后会公开，各单位记活动时可选。") % {"name": campaign.name}
        )
        return redirect("campaigns:planning:detail", campaign.slug)
    return render(request, "campaigns/planning/form.html", {"form": form, "title": _("新建主题活动")})


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change a campaign."""
    campaign = _mine(request, slug)
    form = CampaignForm(request.POST or None, instance=campaign, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        campaign = _mine(request, slug)  # the form has changed the first object in memory
        actions.edit_campaign(
            actor=request.user,
            campaign=campaign,
            fields=form.values,
            organisers=list(form.cleaned_data["organisers"]),
            partners=form.partners,
        )
        messages.success(request, _("已保存。"))
        return redirect("campaigns:planning:detail", campaign.slug)
    return render(
        request,
        "campaigns/planning/form.html",
        {"form": form, "title": _("修改主题活动"), "campaign": campaign},
    )


@allow(Perm.CAMPAIGN_EDIT)
@require_POST
def step(request: Any, slug: str) -> HttpResponse:
    """Open, close, reopen."""
    campaign = _mine(request, slug)
    name = request.POST.get("step", "")
    if name not in Campaign.transitions:
        raise Http404
    try:
        actions.step(actor=request.user, campaign=campaign, name=name, reason=request.POST.get("reason", ""))
        messages.success(
            request,
            _("“%(name)s”：%(state)s") % {"name": campaign.name, "state": campaign.get_status_display()},
        )
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect("campaigns:planning:detail", slug)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def policy(request: Any, slug: str, pk: int | None = None) -> HttpResponse:
    """Add or correct a document."""
    campaign = _mine(request, slug)
    known = next((row for row in campaign.policies.all() if row.pk == pk), None)
    if pk is not None and known is None:
        raise Http404
    form = PolicyForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            _write_policy(request, campaign, pk, fields)
            messages.success(request, _("文件已保存。"))
            return redirect("campaigns:planning:detail", slug)
        except IntegrityError:
            form.add_error("title", _("这个主题下已有同名文件。"))
    return render(
        request, "campaigns/planning/form.html", {"form": form, "title": _("政策文件"), "campaign": campaign}
    )


def _write_policy(request: Any, campaign: Campaign, pk: int | None, fields: dict[str, Any]) -> None:
    if pk is None:
        actions.issue_policy(actor=request.user, campaign=campaign, fields=fields)
    else:
        actions.edit_policy(actor=request.user, policy=queries.policy_of(campaign, pk), fields=fields)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def leading_group(request: Any, slug: str) -> HttpResponse:
    """The leading group of the campaign's own unit, all members on one page."""
    campaign = _mine(request, slug)
    group = next(iter(campaign.leading_groups.all()), None)
    known = [queries.member_values(member) for member in group.members.all()] if group else []
    start = (
        {"name": group.name, "since": group.since}
        if group
        else {"name": _("%(name)s领导组") % {"name": campaign.name}}
    )
    form = GroupForm(request.POST or None, initial=start)
    members = MemberFormSet(request.POST or None, initial=known, prefix="members")
    if request.method == "POST" and form.is_valid() and members.is_valid():
        actions.set_leading_group(
            actor=request.user,
            campaign=campaign,
            group=group,
            unit=group.unit if group else campaign.unit,
            name=form.cleaned_data["name"],
            since=form.cleaned_data["since"],
            members=[row for row in members.cleaned_data if row.get("name")],
        )
        messages.success(request, _("领导组名单已更新。"))
        return redirect("campaigns:planning:detail", slug)
    return render(
        request, "campaigns/planning/group.html", {"form": form, "members": members, "campaign": campaign}
    )


@allow(Perm.GOAL_EDIT)
@never_cache
def goals(request: Any, slug: str) -> HttpResponse:
    """Set one target; the page shows those of the year."""
    campaign = _seen(request, slug)
    year = timezone.localdate().year
    form = GoalForm(request.POST or None, scope=request.scope, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.set_goal(
            actor=request.user, unit=said["unit"], metric=said["metric"], year=said["year"], target=said["target"],
            campaign=campaign,
        )  # fmt: skip
        messages.success(request, _("%(unit)s %(year)s 年目标已设为 %(target)s。") % said)
        return redirect("campaigns:planning:detail", slug)
    return render(
        request, "campaigns/planning/form.html", {"form": form, "title": _("年度目标"), "campaign": campaign}
    )
