"""Staff: versions of a pledge and letters."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.pledges import lists, queries
from campaigns.pledges.actions import texts
from campaigns.pledges.forms.staff import HandoutForm, InitiativeForm, ReasonForm, TemplateForm
from campaigns.pledges.models import Initiative, PledgeTemplate
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.grants.queries import home_unit
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.PLEDGE_VIEW)
@require_safe
def index(request: Any) -> HttpResponse:
    """All versions, the newest first, each with its counts."""
    context = {"page": build(request, lists.TEMPLATES), "may_edit": request.scope.has(Perm.PLEDGE_EDIT)}
    return render(request, "campaigns/pledges/list.html", {**context, "tab": "templates"})


def _template(request: Any, code: str, version: int) -> PledgeTemplate:
    row = queries.template_of(request.scope, code, version)
    if row is None:
        raise Http404
    return row


def _may(request: Any, row: Any) -> bool:
    return bool(request.scope.may(Perm.PLEDGE_EDIT, row))


@allow(Perm.PLEDGE_VIEW)
@require_safe
def template_detail(request: Any, code: str, version: int) -> HttpResponse:
    """One version as the public sees it, its other versions, and what can be done now."""
    row = _template(request, code, version)
    context = {
        "row": row,
        "versions": queries.versions_of(row),
        "may_edit": _may(request, row),
        "may_enter": request.scope.has(Perm.PLEDGE_ENTER) and row.status not in ("draft", "review"),
        "history": queries.steps_of(row),
        "process": open_of(row),
        "close_form": ReasonForm(prefix="close"),
    }
    return render(request, "campaigns/pledges/template_detail.html", context)


@allow(Perm.PLEDGE_EDIT)
@never_cache
def template_new(request: Any) -> HttpResponse:
    """Draft a pledge."""
    initial = initial_from_restore(request, "pledges.template")
    unit = home_unit(request.user)
    initial.setdefault("unit", unit.unit_no if unit else None)
    form = TemplateForm(request.POST or None, scope=request.scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = texts.create_template(
                actor=request.user, unit=said["unit"], code=said["code"], fields=form.values, token=form.token
            )
            forget(request, form.token)
            messages.success(request, _("承诺书已存为草稿。看一遍预览，没有问题就送审。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, title=_("起草承诺书"), code="pledges.template")


@allow(Perm.PLEDGE_EDIT)
@never_cache
def template_edit(request: Any, code: str, version: int) -> HttpResponse:
    """Change a draft."""
    row = _template(request, code, version)
    request.scope.require(Perm.PLEDGE_EDIT, row)
    if not row.is_editable:
        messages.error(request, _("这一版已经送审或公开，不能再改；要改请另起新版。"))
        return redirect(row.staff_url)
    form = TemplateForm(request.POST or None, instance=row, scope=request.scope)
    form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            fresh = _template(request, code, version)
            saved = form.write(
                lambda: texts.edit_template(actor=request.user, template=fresh, fields=form.values)
            )
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(saved.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, title=_("修改承诺书"), code="pledges.template", back=row.staff_url)


def _form_page(request: Any, form: Any, *, title: str, code: str, back: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "form_code": code, "back": back}
    return render(request, "campaigns/pledges/form.html", context, status=422 if form.is_bound else 200)


@allow(Perm.PLEDGE_EDIT)
@require_POST
def template_step(request: Any, code: str, version: int, name: str) -> HttpResponse:
    """Send to the gate, take back, begin a new version, close."""
    row = _template(request, code, version)
    request.scope.require(Perm.PLEDGE_EDIT, row)
    try:
        if name == "submit":
            texts.submit(actor=request.user, text=row)
            messages.success(request, _("已送审。两位同事看过后公开，公开的版本不能再改。"))
        elif name == "recall":
            texts.recall(actor=request.user, text=row)
            messages.success(request, _("已撤回，可以修改。"))
        elif name == "version":
            return redirect(texts.new_version(actor=request.user, template=row).staff_url)
        elif name == "close":
            form = ReasonForm(request.POST, prefix="close")
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            texts.close_template(actor=request.user, template=row, reason=reason)
            messages.success(request, _("已停用，已签的仍然有效。"))
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)


@allow(Perm.PLEDGE_EDIT)
@never_cache
@require_safe
def template_preview(request: Any, code: str, version: int) -> HttpResponse:
    """Exactly what the public will read."""
    row = _template(request, code, version)
    return render(request, "campaigns/pledges/preview.html", {"pledge": row})


# -- letters --------------------------------------------------------------------------------------------


@allow(Perm.PLEDGE_VIEW)
@require_safe
def initiatives(request: Any) -> HttpResponse:
    """Letters with what was handed out."""
    context = {"page": build(request, lists.INITIATIVES), "may_edit": request.scope.has(Perm.PLEDGE_EDIT)}
    return render(request, "campaigns/pledges/list.html", {**context, "tab": "initiatives"})


def _letter(request: Any, slug: str) -> Initiative:
    row = queries.initiatives_for(request.scope).filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def _letter_page(request: Any, row: Initiative, form: HandoutForm, status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "paragraphs": [part.strip() for part in row.body.split("\n") if part.strip()],
        "scans": attached_to(row, "scans"),
        "documents": list(attached_to(row, "documents")),
        "handouts": queries.handouts_of(row, request.scope)[:50],
        "handout_form": form,
        "may_edit": _may(request, row),
        "may_enter": request.scope.has(Perm.PLEDGE_ENTER) and row.status == "published",
        "history": queries.steps_of(row),
        "process": open_of(row),
    }
    return render(request, "campaigns/pledges/initiative_detail.html", context, status=status)


@allow(Perm.PLEDGE_VIEW)
@require_safe
def initiative_detail(request: Any, slug: str) -> HttpResponse:
    """One letter as the public sees it, and the counts of its copies."""
    unit = home_unit(request.user)
    form = HandoutForm(scope=request.scope, initial={"unit": unit.unit_no if unit else None})
    return _letter_page(request, _letter(request, slug), form)


@allow(Perm.PLEDGE_EDIT)
@never_cache
def initiative_new(request: Any) -> HttpResponse:
    """Draft a letter."""
    unit = home_unit(request.user)
    initial = {"unit": unit.unit_no if unit else None, **initial_from_restore(request, "pledges.initiative")}
    form = InitiativeForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = texts.create_initiative(
                actor=request.user, unit=said["unit"], slug=said["slug"], fields=form.values, scans=said["scans"],
                documents=said["documents"],
                token=form.token,
            )  # fmt: skip
            forget(request, form.token)
            messages.success(request, _("倡议书已存为草稿。看一遍，没有问题就送审。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, title=_("起草倡议书"), code="pledges.initiative")


@allow(Perm.PLEDGE_EDIT)
@never_cache
def initiative_edit(request: Any, slug: str) -> HttpResponse:
    """Change a draft letter."""
    row = _letter(request, slug)
    request.scope.require(Perm.PLEDGE_EDIT, row)
    if not row.is_editable:
        messages.error(request, _("这份倡议书已经送审或公开，不能再改。"))
        return redirect(row.staff_url)
    form = InitiativeForm(
        request.POST or None, request.FILES or None, instance=row, scope=request.scope, actor=request.user
    )
    form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.write(lambda: texts.edit_initiative(
                actor=request.user, initiative=_letter(request, slug), fields=form.values,
                scans=form.cleaned_data["scans"], documents=form.cleaned_data["documents"],
            ))  # fmt: skip
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(saved.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, title=_("修改倡议书"), code="pledges.initiative", back=row.staff_url)


@allow(Perm.PLEDGE_EDIT)
@require_POST
def initiative_step(request: Any, slug: str, name: str) -> HttpResponse:
    """Send to the gate, take back."""
    row = _letter(request, slug)
    request.scope.require(Perm.PLEDGE_EDIT, row)
    try:
        if name == "submit":
            texts.submit(actor=request.user, text=row)
            messages.success(request, _("已送审。两位同事看过后公开。"))
        elif name == "recall":
            texts.recall(actor=request.user, text=row)
            messages.success(request, _("已撤回，可以修改。"))
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)


@allow(Perm.PLEDGE_ENTER)
@require_POST
def hand_out(request: Any, slug: str) -> HttpResponse:
    """Write down copies and messages."""
    row = _letter(request, slug)
    form = HandoutForm(request.POST, scope=request.scope)
    if not form.is_valid():
        return _letter_page(request, row, form, status=422)
    try:
        texts.hand_out(
            actor=request.user,
            initiative=row,
            unit=form.cleaned_data["unit"],
            fields=form.values,
            token=form.token,
        )
        messages.success(request, _("已登记。"))
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _letter_page(request, row, form, status=409)
    return redirect(row.staff_url)
