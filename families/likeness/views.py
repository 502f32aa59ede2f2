"""What a reviewer says about two works that look alike; the list stands on the work's own page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from families.likeness import actions, queries
from families.likeness.rules import Decision
from families.works.queries import for_staff
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError


@allow(Perm.WORK_REVIEW)
@require_POST
def decide(request: Any, no: str, pk: int) -> HttpResponse:
    """不是重复 or 是重复."""
    work = request.scope.get(for_staff(request.scope), Perm.WORK_REVIEW, no=no)
    pair = queries.find(pk, work)
    if pair is None or request.POST.get("decision") not in Decision.values:
        raise Http404
    try:
        actions.decide(
            actor=request.user, work=work, pair=pair, decision=Decision(request.POST["decision"]),
            note=request.POST.get("note", ""),
        )  # fmt: skip
        messages.success(request, _("判断已记下。作品的状态没有变，需要退回或不采用的请另外处理。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(work.staff_url)
