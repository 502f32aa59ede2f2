"""The five lists."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from campaigns.materials import lists
from portal.access.gate import allow
from portal.access.permissions import Perm
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
