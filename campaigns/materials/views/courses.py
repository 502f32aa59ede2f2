"""One course with its lectures."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from campaigns.materials import actions, queries
from campaigns.materials.forms import (
    CourseForm,
    LectureFormSet,
    days_fit,
    lecture_rows,
    lectures_of,
)
from campaigns.materials.views.shared import one, show_form
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore


@allow(Perm.MATERIAL_EDIT)
@never_cache
def course_new(request: Any) -> HttpResponse:
    """Register a course with its lectures."""
    form = CourseForm(
        request.POST or None, scope=request.scope, initial=initial_from_restore(request, "materials.course")
    )
    lectures = LectureFormSet(request.POST or None, prefix="lectures")
    if request.method == "POST" and form.is_valid() and lectures.is_valid() and days_fit(form, lectures):
        row = actions.add_course(
            actor=request.user, unit=form.chosen_unit, fields=form.values, lectures=lecture_rows(lectures),
            client_token=form.token,
        )  # fmt: skip
        forget(request, form.token)
        messages.success(request, _("课程已登记。"))
        return redirect(row.staff_url)
    return show_form(
        request, form, title=_("登记课程"), formset=lectures, form_code="materials.course",
        back=reverse("campaigns:materials:courses"),
    )  # fmt: skip


@allow(Perm.MATERIAL_VIEW)
@never_cache
def course(request: Any, pk: int) -> HttpResponse:
    """One course with its lectures."""
    row = one(queries.courses(request.scope), pk)
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
    row = one(queries.courses(request.scope), pk)
    request.scope.require(Perm.MATERIAL_EDIT, row)
    form = CourseForm(request.POST or None, scope=request.scope, row=row, initial=CourseForm.initial_of(row))
    form.watch(row)
    lectures = LectureFormSet(request.POST or None, initial=lectures_of(row), prefix="lectures")
    if request.method == "POST" and form.is_valid() and lectures.is_valid() and days_fit(form, lectures):
        saved = form.write(
            lambda: actions.edit_course(
                actor=request.user, course=row, fields=form.values, lectures=lecture_rows(lectures)
            )
        )
        if saved is not None:
            messages.success(request, _("已保存。"))
            return redirect(row.staff_url)
    return show_form(request, form, title=_("修改课程"), formset=lectures, back=row.staff_url)
