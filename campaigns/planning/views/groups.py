"""Leading groups and task forces, their members, and the liaison of partners."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.planning import actions, queries
from campaigns.planning.forms import EndForm, GroupForm, LiaisonForm, MemberForm, PartnerForm
from campaigns.planning.models import Campaign
from campaigns.planning.views.found import mine, part
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError


def _values(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.Meta.fields}


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def group(request: Any, slug: str, pk: int | None = None) -> HttpResponse:
    """A group: its name and dates, and the list of its members with the ways to change it."""
    campaign = mine(request, slug)
    known = part(campaign.leading_groups, pk) if pk is not None else None
    start = {} if known else {"name": _("%(name)s领导组") % {"name": campaign.name}}
    form = GroupForm(request.POST or None, instance=known, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_group(
                actor=request.user,
                campaign=campaign,
                fields=_values(form),
                group=part(mine(request, slug).leading_groups, pk) if pk is not None else None,
            )
            messages.success(request, _("“%(name)s”已保存。") % {"name": saved.name})
            return redirect("campaigns:planning:group", slug, saved.pk)
        except IntegrityError:
            form.add_error("name", _("这个主题下已有同名的组。"))
    context = {
        "form": form,
        "campaign": campaign,
        "group": known,
        "serving": queries.serving(known) if known else [],
        "coming": queries.coming(known) if known else [],
        "past": queries.past(known) if known else [],
        "end_form": EndForm(initial={"until": timezone.localdate()}),
    }
    return render(request, "campaigns/planning/group.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def member(request: Any, slug: str, pk: int, member_pk: int | None = None) -> HttpResponse:
    """Add somebody, or correct an entry."""
    campaign = mine(request, slug)
    team = part(campaign.leading_groups, pk)
    known = part(team.members, member_pk) if member_pk is not None else None
    form = MemberForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_member(actor=request.user, group=team, fields=_values(form), member=known)
            messages.success(request, _("“%(name)s”已保存。") % form.cleaned_data)
            return redirect("campaigns:planning:group", slug, pk)
        except WorkflowError as error:
            form.add_error("name", str(error))
    title = _("修改成员") if known else _("登记成员")
    context = {"form": form, "title": title, "campaign": campaign, "back": team}
    return render(request, "campaigns/planning/form.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@require_POST
def end_member(request: Any, slug: str, pk: int, member_pk: int) -> HttpResponse:
    """From a day on the person is a past member."""
    team = part(mine(request, slug).leading_groups, pk)
    row = part(team.members, member_pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选任职止的日期。"))
        return redirect("campaigns:planning:group", slug, pk)
    try:
        actions.end_membership(actor=request.user, member=row, until=form.cleaned_data["until"])
        messages.success(
            request, _("已登记：%(name)s 任职到 %(day)s。") % {"name": row.name, "day": row.until}
        )
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect("campaigns:planning:group", slug, pk)


def _liaison_rows(campaign: Campaign, data: Any) -> list[tuple[Any, LiaisonForm]]:
    known = {row.partner_id: row for row in campaign.liaisons.all()}
    return [
        (partner, LiaisonForm(data, instance=known.get(partner.pk), prefix=f"p{partner.pk}"))
        for partner in campaign.partners.all()
    ]


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def partners(request: Any, slug: str) -> HttpResponse:
    """The table of partners: office, person, office telephone, what they take on."""
    campaign = mine(request, slug)
    rows, more = _liaison_rows(campaign, request.POST or None), PartnerForm(request.POST or None)
    if request.method == "POST" and all([more.is_valid(), *(form.is_valid() for _partner, form in rows)]):
        for partner, form in rows:
            if form.has_changed():
                fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
                actions.save_liaison(actor=request.user, campaign=campaign, partner=partner, fields=fields)
        name = more.cleaned_data["name"].strip()
        if name:
            names = [*(partner.name for partner, _form in rows), name]
            actions.edit_campaign(actor=request.user, campaign=campaign, fields={}, partners=names)
            messages.success(request, _("已加上“%(name)s”，请填联络人。") % {"name": name})
            return redirect("campaigns:planning:partners", slug)
        messages.success(request, _("联络人已保存。"))
        return redirect("campaigns:planning:detail", slug)
    context = {"campaign": campaign, "rows": rows, "form": more}
    return render(request, "campaigns/planning/partners.html", context)
