"""One material: its page, its form, where it went and who watched."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.materials import actions, queries
from campaigns.materials.forms import (
    MaterialForm,
    PlacementForm,
    ViewingForm,
)
from campaigns.materials.models import Material
from campaigns.materials.views.shared import REFUSALS, one, refused, show_form
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.reviews.workflow import WorkflowError


@allow(Perm.MATERIAL_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Register a booklet, film, poster …"""
    initial = {"kind": request.GET.get("kind", "")} | initial_from_restore(request, "materials.new")
    form = MaterialForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_material(
                actor=request.user, unit=form.chosen_unit, fields=form.values,
                picked=form.cleaned_data["photos"], client_token=form.token,
            )  # fmt: skip
        except REFUSALS as error:
            refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("“%(title)s”已登记，接着可以记投到哪里。") % {"title": row.title})
            return redirect(row.staff_url)
    return show_form(request, form, title=_("登记资料"), form_code="materials.new")


@allow(Perm.MATERIAL_VIEW)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """One material: where it went, who watched – in counts."""
    return _detail(request, one(queries.materials(request.scope), pk))


def _detail(request: Any, row: Material, status: int = 200, **extra: Any) -> HttpResponse:
    may_add = request.scope.has(Perm.MATERIAL_EDIT)
    editable = set(queries.units_to_edit(request.scope).values_list("pk", flat=True)) if may_add else set()
    context = {
        "row": row,
        "may_edit": request.scope.may(Perm.MATERIAL_EDIT, row),
        "may_add": may_add,
        "editable": editable,
        "placements": queries.placements_of(row),
        "viewings": queries.viewings_of(row) if row.is_film else [],
        "photos": list(attached_to(row, "photos")),
        "placement_form": PlacementForm(scope=request.scope, prefix="p") if may_add else None,
        "viewing_form": ViewingForm(scope=request.scope, prefix="v") if may_add and row.is_film else None,
        **extra,
    }
    return render(request, "campaigns/materials/detail.html", context, status=status)


@allow(Perm.MATERIAL_EDIT)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """Correct a material."""
    row = one(queries.materials(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = MaterialForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, row=row, target=row,
        initial=MaterialForm.initial_of(row),
    )  # fmt: skip
    form.watch(row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.write(
                lambda: actions.edit_material(
                    actor=request.user, material=row, fields=form.values, picked=form.cleaned_data["photos"]
                )
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(row.staff_url)
    return show_form(request, form, title=_("修改资料"), back=row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def place(request: Any, pk: int) -> HttpResponse:
    """Handed out, hung up, shown, played."""
    row = one(queries.materials(request.scope), pk)
    form = PlacementForm(request.POST, scope=request.scope, prefix="p")
    if not form.is_valid():
        return _detail(request, row, 422, placement_form=form)
    actions.add_placement(
        actor=request.user, unit=form.chosen_unit, material=row, fields=form.values, client_token=form.token
    )
    messages.success(request, _("投放已登记。"))
    return redirect(row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def watch(request: Any, pk: int) -> HttpResponse:
    """A film was watched."""
    row = one(queries.materials(request.scope), pk)
    form = ViewingForm(request.POST, scope=request.scope, prefix="v")
    if not form.is_valid():
        return _detail(request, row, 422, viewing_form=form)
    try:
        actions.add_viewing(
            actor=request.user, unit=form.chosen_unit, film=row, fields=form.values, client_token=form.token
        )
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return redirect(row.staff_url)
    messages.success(request, _("观影已登记。"))
    return redirect(row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def unplace(request: Any, pk: int) -> HttpResponse:
    """A placement that was written down by mistake."""
    row = one(queries.placements(request.scope), pk)
    back = row.material.staff_url
    actions.remove(actor=request.user, row=row)
    messages.success(request, _("这条记录已删除。"))
    return redirect(back)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def unwatch(request: Any, pk: int) -> HttpResponse:
    """A viewing that was written down by mistake."""
    row = one(queries.viewings(request.scope), pk)
    back = row.film.staff_url
    actions.remove(actor=request.user, row=row)
    messages.success(request, _("这条记录已删除。"))
    return redirect(back)
