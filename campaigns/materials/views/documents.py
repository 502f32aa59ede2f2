"""One document: its page, its form, its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.materials import actions, queries
from campaigns.materials.forms import (
    DocumentForm,
    ReasonForm,
    ReplaceForm,
)
from campaigns.materials.models import Document
from campaigns.materials.views.shared import REFUSALS, one, refused, show_form
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available


@allow(Perm.MATERIAL_EDIT)
@never_cache
def document_new(request: Any) -> HttpResponse:
    """Put a rule or notice into the library."""
    form = DocumentForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user,
        initial=initial_from_restore(request, "materials.document"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_document(
                actor=request.user, unit=form.chosen_unit, fields=form.values,
                picked=form.cleaned_data["photos"], documents=form.cleaned_data["documents"], client_token=form.token,
            )  # fmt: skip
        except REFUSALS as error:
            refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("文件已登记。"))
            return redirect(row.staff_url)
    back = reverse("campaigns:materials:documents")
    return show_form(request, form, title=_("登记文件"), form_code="materials.document", back=back)


@allow(Perm.MATERIAL_VIEW)
@never_cache
def document(request: Any, pk: int) -> HttpResponse:
    """One document, with what it replaced and what replaced it."""
    return _document(request, one(queries.documents(request.scope), pk))


def _document(request: Any, row: Document, status: int = 200, **extra: Any) -> HttpResponse:
    may_edit = request.scope.may(Perm.MATERIAL_EDIT, row)
    context = {
        "row": row,
        "may_edit": may_edit,
        "steps": {step.name for step in available(row, request.scope)},
        "replaces": queries.replaced_by(row),
        "photos": list(attached_to(row, "photos")),
        "documents": list(attached_to(row, "documents")),
        "replace_form": ReplaceForm(prefix="replace", document=row),
        "repeal_form": ReasonForm(prefix="repeal"),
        "restore_form": ReasonForm(prefix="restore"),
        "history": [{"title": _("登记"), "at": row.created_at, "by": row.created_by}]
        + [
            {"title": row.transitions[step.step].label, "at": step.at, "by": step.by, "note": step.reason}
            for step in history_of(row)
        ],
        **extra,
    }
    return render(request, "campaigns/materials/document.html", context, status=status)


@allow(Perm.MATERIAL_EDIT)
@never_cache
def document_edit(request: Any, pk: int) -> HttpResponse:
    """Correct a document."""
    row = one(queries.documents(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = DocumentForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, row=row, target=row,
        initial=DocumentForm.initial_of(row),
    )  # fmt: skip
    form.watch(row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.write(
                lambda: actions.edit_document(
                    actor=request.user, document=row, fields=form.values, picked=form.cleaned_data["photos"],
                    documents=form.cleaned_data["documents"],
                )
            )  # fmt: skip
        except REFUSALS as error:
            refused(form, error)
        else:
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(row.staff_url)
    return show_form(request, form, title=_("修改文件"), back=row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def document_step(request: Any, pk: int, name: str) -> HttpResponse:
    """Replace, repeal, restore."""
    row = one(queries.documents(request.scope), pk)
    if name == "replace":
        form: Any = ReplaceForm(request.POST, prefix=name, document=row)
    elif name in {"repeal", "restore"}:
        form = ReasonForm(request.POST, prefix=name)
    else:
        raise Http404
    if not form.is_valid():
        return _document(request, row, 422, **{f"{name}_form": form})
    try:
        if name == "replace":
            actions.replace(actor=request.user, document=row, by=form.cleaned_data["by"])
        elif name == "repeal":
            actions.repeal(actor=request.user, document=row, reason=form.cleaned_data["reason"])
        else:
            actions.restore(actor=request.user, document=row, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _document(request, one(queries.documents(request.scope), pk), 409, **{f"{name}_form": form})
    messages.success(request, _("“%(title)s”：%(state)s") % {"title": row.title, "state": row.state})
    return redirect(row.staff_url)
