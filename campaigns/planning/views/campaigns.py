"""The campaign for staff: list, page, plan, steps, phases."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.planning import actions, panels, progress, queries
from campaigns.planning.forms import CampaignForm, OutcomeFormSet, PhaseForm, PlanForm
from campaigns.planning.models import Campaign
from campaigns.planning.views.found import mine, part, seen
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError, available


@allow(Perm.CAMPAIGN_VIEW)
def index(request: Any) -> HttpResponse:
    """Campaigns that concern this person's units."""
    context = {
        "campaigns": queries.visible_to(request.scope),
        "may_edit": request.scope.has(Perm.CAMPAIGN_EDIT),
    }
    return render(request, "campaigns/planning/index.html", context)


@allow(Perm.CAMPAIGN_VIEW)
def detail(request: Any, slug: str) -> HttpResponse:
    """One campaign for staff."""
    campaign = seen(request, slug)
    year = progress.year_shown(campaign, timezone.localdate())
    may_edit = request.scope.may(Perm.CAMPAIGN_EDIT, campaign.unit)
    policies = queries.current_policies(campaign)
    goals = _goals(request, campaign, year)
    context = {
        "campaign": campaign,
        "groups": [
            (group, queries.serving(group), queries.past(group)) for group in campaign.leading_groups.all()
        ],
        "steps": available(campaign, request.scope) if may_edit else [],
        "may_edit": may_edit,
        "may_set_goals": request.scope.has(Perm.GOAL_EDIT),
        "policies": [(row, older, counts) for row, older, counts in _with_counts(request, policies)],
        "liaison_rows": _liaisons(campaign),
        "goals": [row for row in goals if row.unit.depth == goals[0].unit.depth],
        "lower_goals": [row for row in goals if row.unit.depth > goals[0].unit.depth],
        "elapsed": campaign_elapsed(campaign, year),
        "year": year,
        "parts": queries.parts_of(campaign, queries.visible_to(request.scope)),
        "panels": panels.shown_to_staff(campaign, request.scope),
    }
    return render(request, "campaigns/planning/detail.html", context)


def _goals(request: Any, campaign: Campaign, year: int) -> list[progress.Reached]:
    """Goals of the reader's highest unit with goals and of the units right below it."""
    units = queries.units_in_reach(request.scope, Perm.METRIC_TOTALS)
    rows = list(
        queries.goals_of(units, year)
        .filter(campaign__in=[campaign])
        .order_by("unit__depth", "unit__path", "metric")[:200]
    )
    top = rows[0].unit.depth if rows else 0
    near = [row for row in rows if row.unit.depth <= top + 1]
    return progress.reached(campaign, near, year=year, today=timezone.localdate())


def campaign_elapsed(campaign: Campaign, year: int) -> float | None:
    """Share of the campaign's days in that year that are over."""
    span = progress.stretch(campaign, year)
    return span.elapsed(timezone.localdate()) if span is not None else None


def _liaisons(campaign: Campaign) -> list[dict[str, Any]]:
    known = {row.partner_id: row for row in campaign.liaisons.all()}
    return [{"partner": partner, "liaison": known.get(partner.pk)} for partner in campaign.partners.all()]


def _with_counts(request: Any, policies: Any) -> Any:
    counts = queries.receipt_counts([row for row, _older in policies], request.scope)
    for row, older in policies:
        confirmed, everybody = counts.get(row.pk, (0, 0))
        yield row, older, {"confirmed": confirmed, "all": everybody, "open": everybody - confirmed}


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
            client_token=form.token,
            **form.beside,
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
    campaign = mine(request, slug)
    form = CampaignForm(request.POST or None, instance=campaign, scope=request.scope)
    form.watch()
    if request.method == "POST" and form.is_valid():
        campaign = mine(request, slug)  # the form has changed the first object in memory
        saved = form.write(
            lambda: actions.edit_campaign(
                actor=request.user, campaign=campaign, fields=form.values, **form.beside
            )
        )
        if saved is not None:
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
    campaign = mine(request, slug)
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
def phase(request: Any, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a phase or change one."""
    campaign = mine(request, slug)
    known = part(campaign.phases, pk) if pk is not None else None
    form = PhaseForm(request.POST or None, instance=known, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            actions.save_phase(actor=request.user, campaign=campaign, fields=fields, phase=known)
            messages.success(request, _("阶段“%(name)s”已保存。") % fields)
            return redirect("campaigns:planning:detail", slug)
        except IntegrityError:
            form.add_error("name", _("已有同名阶段，请换个名称。"))
    context = {"form": form, "title": _("阶段安排"), "campaign": campaign, "phase": known}
    return render(request, "campaigns/planning/form.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@require_POST
def remove_phase(request: Any, slug: str, pk: int) -> HttpResponse:
    """Take a phase away."""
    campaign = mine(request, slug)
    row = part(campaign.phases, pk)
    actions.remove_phase(actor=request.user, campaign=campaign, phase=row)
    messages.success(request, _("阶段“%(name)s”已删除。") % {"name": row.name})
    return redirect("campaigns:planning:detail", slug)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def plan(request: Any, slug: str) -> HttpResponse:
    """The plan in five answers."""
    campaign = mine(request, slug)
    form = PlanForm(request.POST or None, initial=campaign.plan)
    if request.method == "POST" and form.is_valid():
        actions.edit_campaign(actor=request.user, campaign=campaign, fields={"plan": form.plan})
        messages.success(request, _("已保存。"))
        return redirect("campaigns:planning:detail", slug)
    context = {"form": form, "title": _("计划五要素"), "campaign": campaign}
    return render(request, "campaigns/planning/form.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def outcomes(request: Any, slug: str) -> HttpResponse:
    """What the campaign brought about, each with its evidence."""
    campaign = mine(request, slug)
    known = [
        {"statement": row.statement, "evidence": row.evidence, "link": row.link}
        for row in campaign.outcomes.all()
    ]
    rows = OutcomeFormSet(request.POST or None, initial=None if request.POST else known, prefix="outcomes")
    if request.method == "POST" and rows.is_valid():
        actions.set_outcomes(actor=request.user, campaign=campaign, rows=rows.rows)
        messages.success(request, _("已保存。"))
        return redirect("campaigns:planning:detail", slug)
    return render(request, "campaigns/planning/outcomes.html", {"rows": rows, "campaign": campaign})
