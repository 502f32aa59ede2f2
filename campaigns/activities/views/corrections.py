"""Correcting a record that counts already: propose, confirm, refuse, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.activities import corrections, queries
from campaigns.activities.forms import ActivityForm, MediaFormSet, media_rows
from campaigns.activities.initial import from_record, media_of
from campaigns.activities.models import Activity, Correction
from campaigns.activities.rules import CORRECTION_TRANSITIONS
from campaigns.activities.views import entry
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError


@allow(Perm.ACTIVITY_REVIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """Corrections that wait for this person, oldest first."""
    rows = list(queries.corrections_to_confirm(request.scope).prefetch_related("lines")[:50])
    return render(request, "campaigns/activities/corrections.html", {"rows": rows})


@allow(Perm.ACTIVITY_LOG)
@never_cache
def propose(request: Any, no: str) -> HttpResponse:
    """The whole form once more, with the reason first."""
    activity: Activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_LOG, no=no)
    request.scope.require(Perm.ACTIVITY_LOG, activity.unit)
    if not activity.is_counted:
        messages.warning(request, _("这条记录还没有审核通过，直接修改就行，不用更正。"))
        return redirect("campaigns:activities:detail", no)
    if request.method != "POST":
        form = ActivityForm(
            initial=from_record(activity),
            scope=request.scope,
            actor=request.user,
            target=activity,
            correcting=True,
        )
        return entry.show(request, form, MediaFormSet(initial=media_of(activity), prefix="media"), activity)
    form = ActivityForm(
        request.POST, scope=request.scope, actor=request.user, target=activity, correcting=True
    )
    media = entry.media_of_request(request)
    if (
        "more_media" not in request.POST
        and form.is_valid()
        and media.is_valid()
        and _propose(request, form, media, activity)
    ):
        messages.success(request, _("更正已提出，另一位审核的同事同意后生效；在那以前数字不变。"))
        return redirect("campaigns:activities:detail", no)
    return entry.show(request, form, media, activity)


def _propose(request: Any, form: ActivityForm, media: Any, activity: Activity) -> bool:
    try:
        corrections.propose(
            actor=request.user,
            activity=activity,
            version=form.cleaned_data.get("version") or 0,
            reason=form.cleaned_data["correction_reason"],
            fields=form.values,
            co_units=list(form.cleaned_data["co_units"]),
            partners=form.partner_names,
            media=media_rows(media) if "media-TOTAL_FORMS" in request.POST else None,
            more_campaigns=list(form.cleaned_data["more_campaigns"]),
            client_token=form.token,
        )
    except (ValidationError, WorkflowError) as error:
        entry.show_error(form, error)
        return False
    return True


@allow(Perm.ACTIVITY_REVIEW, Perm.ACTIVITY_LOG)
@require_POST
def decide(request: Any, pk: int) -> HttpResponse:
    """Confirm or refuse somebody's correction, or withdraw one's own."""
    perm = Perm.ACTIVITY_REVIEW if request.scope.has(Perm.ACTIVITY_REVIEW) else Perm.ACTIVITY_LOG
    correction: Correction = request.scope.get(Correction, perm, pk=pk)
    name = request.POST.get("step", "")
    if name not in CORRECTION_TRANSITIONS:
        messages.error(request, _("没有这个操作，请刷新页面后再试。"))
        return redirect("campaigns:activities:detail", correction.activity.no)
    try:
        corrections.decide(
            actor=request.user, correction=correction, name=name, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("%(step)s，已完成。") % {"step": CORRECTION_TRANSITIONS[name].label})
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect("campaigns:activities:detail", correction.activity.no)
