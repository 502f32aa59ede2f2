"""Policy documents: page, issue, correct, new version, receipts."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.planning import actions, lists, queries
from campaigns.planning.forms import PolicyForm
from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.planning.views.found import mine, part
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files.queries import attached_to
from portal.files.rules import RefusedError
from portal.reviews.workflow import StaleState, WorkflowError
from portal.ui.lists import build


@require_GET
@allow(Perm.CAMPAIGN_VIEW)
def receipts(request: Any) -> HttpResponse:
    """Who has received what; without a choice only the gaps."""
    if not request.GET:
        return redirect(f"{request.path}?box=open")
    return render(request, "campaigns/planning/receipts.html", {"page": build(request, lists.RECEIPTS)})


@require_GET
@allow(Perm.CAMPAIGN_VIEW)
@never_cache
def policy(request: Any, slug: str, pk: int) -> HttpResponse:
    """One document with its pages, its versions and its receipts; 确认收到 for a receiving unit."""
    row = queries.policy_seen(request.scope, slug, pk)
    receipts = queries.receipts_of(row, request.scope)
    levels, branches = queries.tallies(row, request.scope)
    confirmed, asked = queries.receipt_counts([row], request.scope).get(row.pk, (0, 0))
    newest = queries.newest_version(row)
    context = {
        "policy": row,
        "campaign": row.campaign,
        "scans": queries.scans_of([row]).get(row.pk, []),
        "documents": list(attached_to(row, "documents")),
        "versions": queries.versions_of(row),
        "newest": newest,
        "receipts": receipts,
        "asked": asked,
        "open": asked - confirmed,
        "levels": levels,
        "branches": branches,
        "own": queries.own_receipts(row, request.scope) if request.scope.has(Perm.POLICY_RECEIVE) else [],
        "may_edit": request.scope.may(Perm.CAMPAIGN_EDIT, row.campaign.unit) and newest.pk == row.pk,
    }
    return render(request, "campaigns/planning/policy.html", context)


@allow(Perm.POLICY_RECEIVE)
@require_POST
def confirm(request: Any, pk: int) -> HttpResponse:
    """确认收到: one press."""
    receipt = request.scope.get(queries.receipts_addressed(), Perm.POLICY_RECEIVE, pk=pk)
    try:
        if actions.confirm_receipt(actor=request.user, receipt=receipt):
            messages.success(
                request, _("已确认收到《%(title)s》，发文单位能看到。") % {"title": receipt.policy.title}
            )
        else:
            messages.info(request, _("这份文件已经签收过了。"))
    except StaleState as error:
        messages.error(request, str(error))
    return redirect(receipt.staff_url)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def issue(request: Any, slug: str) -> HttpResponse:
    """Put a document under a campaign and send it out."""
    campaign = mine(request, slug)
    everybody = [unit.unit_no for unit in queries.addressees(campaign.unit)]
    form = PolicyForm(
        request.POST or None, request.FILES or None, unit=campaign.unit, sent_to=everybody, actor=request.user
    )
    if request.method == "POST" and form.is_valid():
        row = _try(request, form, lambda: actions.issue_policy(
            actor=request.user, campaign=campaign, fields=form.values, receivers=list(form.cleaned_data["receivers"]),
            picked=form.cleaned_data["scan"],
            documents=form.cleaned_data["documents"], client_token=form.token,
        ))  # fmt: skip
        if row is not None:
            messages.success(request, _sent(form))
            return redirect(row.staff_url)
    return _page(
        request,
        form,
        campaign,
        title=_("登记文件"),
        lead=_("勾选的单位会收到消息，打开文件按一下“确认收到”。"),
    )


def _sent(form: PolicyForm) -> str:
    count = len(form.cleaned_data["receivers"])
    if form.cleaned_data["levels"]:
        words = _(
            "文件已登记，发给 %(count)d 个单位和他们下面的各级签收；下面的各级由系统逐个发，稍后能看到。"
        )
        return words % {"count": count}
    return _("文件已登记，发给 %(count)d 个单位签收。") % {"count": count} if count else _("文件已登记。")


def _try(request: Any, form: PolicyForm, write: Any) -> PolicyDocument | None:
    """Run a write and put what it refuses at the field."""
    try:
        row: PolicyDocument | None = write()
    except IntegrityError:
        form.add_error("title", _("这个主题下已有同名文件。要改内容请打开那份文件，点“发新版本”。"))
    except RefusedError as error:
        form.add_error("scan", error.message)
    except WorkflowError as error:
        form.add_error(None, str(error))
    else:
        return row
    return None


def _page(
    request: Any, form: PolicyForm, campaign: Campaign, *, title: str, lead: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "campaign": campaign, "title": title, "lead": lead, **more}
    return render(request, "campaigns/planning/policy_form.html", context)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def edit(request: Any, slug: str, pk: int) -> HttpResponse:
    """Correct a document, or change who is addressed."""
    campaign = mine(request, slug)
    known = part(campaign.policies, pk)
    form = PolicyForm(
        request.POST or None, request.FILES or None, instance=known, unit=campaign.unit,
        sent_to=queries.addressed(known), actor=request.user,
    )  # fmt: skip
    form.watch()
    if request.method == "POST" and form.is_valid():
        row = _try(request, form, lambda: form.write(lambda: actions.edit_policy(
            actor=request.user, policy=queries.policy_of(campaign, pk), fields=form.values,
            receivers=list(form.cleaned_data["receivers"]), picked=form.cleaned_data["scan"],
            documents=form.cleaned_data["documents"],
        )))  # fmt: skip
        if row is not None:
            messages.success(request, _("文件已保存。"))
            return redirect(row.staff_url)
    lead = _("新勾选的单位会收到消息；去掉勾选的单位不用再签收，已签收的保留。")
    return _page(request, form, campaign, title=_("修改文件"), lead=lead, policy=known)


@allow(Perm.CAMPAIGN_EDIT)
@never_cache
def renew(request: Any, slug: str, pk: int) -> HttpResponse:
    """A new version that replaces this one."""
    campaign = mine(request, slug)
    old = part(campaign.policies, pk)
    start = {name: getattr(old, name) for name in (*PolicyForm.Meta.fields, "levels")}
    form = PolicyForm(
        request.POST or None, request.FILES or None, initial=start, unit=campaign.unit,
        sent_to=queries.addressed(old), actor=request.user,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        row = _try(request, form, lambda: actions.renew_policy(
            actor=request.user, policy=queries.policy_of(campaign, pk), fields=form.values,
            receivers=list(form.cleaned_data["receivers"]), picked=form.cleaned_data["scan"],
            documents=form.cleaned_data["documents"], client_token=form.token,
        ))  # fmt: skip
        if row is not None:
            messages.success(request, _sent(form))
            return redirect(row.staff_url)
    lead = _("新版本代替旧版本，旧版本仍可查看；勾选的单位会收到消息，需要重新签收。")
    return _page(request, form, campaign, title=_("发新版本"), lead=lead, policy=old)
