"""Materials and courses for staff: five lists, a page and a form for each kind of record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.materials import actions, lists, queries
from campaigns.materials.forms import (
    CourseForm,
    DocumentForm,
    LectureFormSet,
    MaterialForm,
    PlacementForm,
    ReasonForm,
    ReplaceForm,
    ViewingForm,
    lecture_rows,
    lectures_of,
)
from campaigns.materials.models import Document, Material
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.files.rules import RefusedError
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import ListSpec, build

TABS = (
    ("index", gettext_lazy("宣传资料"), "new", gettext_lazy("登记资料")),
    ("placements", gettext_lazy("投放记录"), "", ""),
    ("viewings", gettext_lazy("观影记录"), "", ""),
    ("documents", gettext_lazy("制度文件"), "document_new", gettext_lazy("登记文件")),
    ("courses", gettext_lazy("培训课程"), "course_new", gettext_lazy("登记课程")),
)


def _list(request: Any, spec: ListSpec, name: str) -> HttpResponse:
    tabs = [
        {"label": label, "url": reverse(f"campaigns:materials:{code}"), "current": code == name}
        for code, label, _new, _label in TABS
    ]
    new_name, new_label = next((new, words) for code, _label, new, words in TABS if code == name)
    may_add = bool(new_name) and request.scope.has(Perm.MATERIAL_EDIT)
    context = {
        "page": build(request, spec),
        "tabs": tabs,
        "new_url": reverse(f"campaigns:materials:{new_name}") if may_add else "",
        "new_label": new_label,
    }
    return render(request, "campaigns/materials/list.html", context)


@allow(Perm.MATERIAL_VIEW)
@require_safe
def index(request: Any) -> HttpResponse:
    """Materials with what went out."""
    return _list(request, lists.MATERIALS, "index")


@allow(Perm.MATERIAL_VIEW)
@require_safe
def placements(request: Any) -> HttpResponse:
    """Where materials went."""
    return _list(request, lists.PLACEMENTS, "placements")


@allow(Perm.MATERIAL_VIEW)
@require_safe
def viewings(request: Any) -> HttpResponse:
    """When films were watched."""
    return _list(request, lists.VIEWINGS, "viewings")


@allow(Perm.MATERIAL_VIEW)
@require_safe
def documents(request: Any) -> HttpResponse:
    """Rules and notices, current ones first."""
    return _list(request, lists.DOCUMENTS, "documents")


@allow(Perm.MATERIAL_VIEW)
@require_safe
def courses(request: Any) -> HttpResponse:
    """Courses with their figures."""
    return _list(request, lists.COURSES, "courses")


def _one(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _form(request: Any, form: Any, **context: Any) -> HttpResponse:
    formset = context.get("formset")
    wrong = form.errors or (formset is not None and formset.is_bound and not formset.is_valid())
    status = 422 if wrong else 200
    context.setdefault("back", reverse("campaigns:materials:index"))
    return render(request, "campaigns/materials/form.html", {"form": form, **context}, status=status)


def _refused(form: Any, error: Exception) -> None:
    if isinstance(error, RefusedError):
        form.add_error("photos", error.message)
    else:
        form.add_error(None, str(getattr(error, "message", error)))


REFUSALS = (WorkflowError, RefusedError, ValidationError)


# -- materials --------------------------------------------------------------------------------------


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
            _refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("“%(title)s”已登记，接着可以记投到哪里。") % {"title": row.title})
            return redirect(row.staff_url)
    return _form(request, form, title=_("登记资料"), form_code="materials.new")


@allow(Perm.MATERIAL_VIEW)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """One material: where it went, who watched – in counts."""
    return _detail(request, _one(queries.materials(request.scope), pk))


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
    row = _one(queries.materials(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = MaterialForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, row=row, target=row,
        initial=MaterialForm.initial_of(row),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_material(
                actor=request.user, material=row, fields=form.values, picked=form.cleaned_data["photos"]
            )
        except REFUSALS as error:
            _refused(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect(row.staff_url)
    return _form(request, form, title=_("修改资料"), back=row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def place(request: Any, pk: int) -> HttpResponse:
    """Handed out, hung up, shown, played."""
    row = _one(queries.materials(request.scope), pk)
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
    row = _one(queries.materials(request.scope), pk)
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
    row = _one(queries.placements(request.scope), pk)
    back = row.material.staff_url
    actions.remove(actor=request.user, row=row)
    messages.success(request, _("这条记录已删除。"))
    return redirect(back)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def unwatch(request: Any, pk: int) -> HttpResponse:
    """A viewing that was written down by mistake."""
    row = _one(queries.viewings(request.scope), pk)
    back = row.film.staff_url
    actions.remove(actor=request.user, row=row)
    messages.success(request, _("这条记录已删除。"))
    return redirect(back)


# -- documents --------------------------------------------------------------------------------------


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
                picked=form.cleaned_data["photos"], client_token=form.token,
            )  # fmt: skip
        except REFUSALS as error:
            _refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("文件已登记。"))
            return redirect(row.staff_url)
    back = reverse("campaigns:materials:documents")
    return _form(request, form, title=_("登记文件"), form_code="materials.document", back=back)


@allow(Perm.MATERIAL_VIEW)
@never_cache
def document(request: Any, pk: int) -> HttpResponse:
    """One document, with what it replaced and what replaced it."""
    return _document(request, _one(queries.documents(request.scope), pk))


def _document(request: Any, row: Document, status: int = 200, **extra: Any) -> HttpResponse:
    may_edit = request.scope.may(Perm.MATERIAL_EDIT, row)
    context = {
        "row": row,
        "may_edit": may_edit,
        "steps": {step.name for step in available(row, request.scope)},
        "replaces": queries.replaced_by(row),
        "photos": list(attached_to(row, "photos")),
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
    row = _one(queries.documents(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = DocumentForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, row=row, target=row,
        initial=DocumentForm.initial_of(row),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_document(
                actor=request.user, document=row, fields=form.values, picked=form.cleaned_data["photos"]
            )
        except REFUSALS as error:
            _refused(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect(row.staff_url)
    return _form(request, form, title=_("修改文件"), back=row.staff_url)


@allow(Perm.MATERIAL_EDIT)
@require_POST
def document_step(request: Any, pk: int, name: str) -> HttpResponse:
    """Replace, repeal, restore."""
    row = _one(queries.documents(request.scope), pk)
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
        return _document(request, _one(queries.documents(request.scope), pk), 409, **{f"{name}_form": form})
    messages.success(request, _("“%(title)s”：%(state)s") % {"title": row.title, "state": row.state})
    return redirect(row.staff_url)


# -- courses ----------------------------------------------------------------------------------------


@allow(Perm.MATERIAL_EDIT)
@never_cache
def course_new(request: Any) -> HttpResponse:
    """Register a course with its lectures."""
    form = CourseForm(
        request.POST or None, scope=request.scope, initial=initial_from_restore(request, "materials.course")
    )
    lectures = LectureFormSet(request.POST or None, prefix="lectures")
    if request.method == "POST" and form.is_valid() and lectures.is_valid():
        row = actions.add_course(
            actor=request.user, unit=form.chosen_unit, fields=form.values, lectures=lecture_rows(lectures),
            client_token=form.token,
        )  # fmt: skip
        forget(request, form.token)
        messages.success(request, _("课程已登记。"))
        return redirect(row.staff_url)
    return _form(
        request, form, title=_("登记课程"), formset=lectures, form_code="materials.course",
        back=reverse("campaigns:materials:courses"),
    )  # fmt: skip


@allow(Perm.MATERIAL_VIEW)
@never_cache
def course(request: Any, pk: int) -> HttpResponse:
    """One course with its lectures."""
    row = _one(queries.courses(request.scope), pk)
    context = {
        "row": row,
        "lectures": list(row.lectures.all()),
        "may_edit": request.scope.may(Perm.MATERIAL_EDIT, row),
    }
    return render(request, "campaigns/materials/course.html", context)


@allow(Perm.MATERIAL_EDIT)
@never_cache
def course_edit(request: Any, pk: int) -> HttpResponse:
    """Correct a course."""
    row = _one(queries.courses(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = CourseForm(request.POST or None, scope=request.scope, row=row, initial=CourseForm.initial_of(row))
    lectures = LectureFormSet(request.POST or None, initial=lectures_of(row), prefix="lectures")
    if request.method == "POST" and form.is_valid() and lectures.is_valid():
        actions.edit_course(
            actor=request.user, course=row, fields=form.values, lectures=lecture_rows(lectures)
        )
        messages.success(request, _("已保存。"))
        return redirect(row.staff_url)
    return _form(request, form, title=_("修改课程"), formset=lectures, back=row.staff_url)
