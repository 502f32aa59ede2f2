"""一分钟记活动: a new record, changing one, and what happens next."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campaigns.activities import actions, queries
from campaigns.activities.forms import FORM_CODE, MEDIA_MOST, ActivityForm, MediaFormSet, media_rows
from campaigns.activities.initial import blank, copied, from_record, media_of
from campaigns.activities.models import Activity
from campaigns.activities.rules import Status
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts import actions as draft_actions
from portal.drafts import rules as draft_rules
from portal.drafts.holder import holder_of, remember
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.rules import RefusedError
from portal.reviews.queries import last_reason
from portal.reviews.workflow import WorkflowError

USUAL_COUNTS = (30, 50, 100)
DRAFT, SUBMIT = "draft", "submit"
LAST = "last"
AT_STEP = {Status.SUBMITTED: 2, Status.COUNTY_OK: 3, Status.CITY_OK: 4}


@allow(Perm.ACTIVITY_LOG)
@never_cache
def new(request: Any) -> HttpResponse:
    """The one-minute form."""
    submitting = request.POST.get("act", SUBMIT) != DRAFT
    if request.method != "POST":
        initial = blank(request.user, request.scope) | _from_address(request)
        form = ActivityForm(initial=initial, scope=request.scope, actor=request.user)
        return show(request, form, MediaFormSet(prefix="media"))
    form = ActivityForm(
        request.POST, request.FILES, scope=request.scope, actor=request.user, submitting=submitting
    )
    media = media_of_request(request)
    if (
        "more_media" in request.POST
    ):  # another row without JavaScript: the page again, with all that was typed
        return show(request, form, media)
    if form.is_valid() and media.is_valid():
        activity = _log(request, form, media, submitting=submitting)
        if activity is not None:
            forget(request, form.token)
            return _after(request, activity, submitting=submitting)
    elif not submitting and _only_unfinished(form):
        return _keep_unfinished(request, form)
    return show(request, form, media)


def _from_address(request: Any) -> dict[str, Any]:
    """Words of a kept draft (?restore=) or of an earlier record (?copy=)."""
    restored = initial_from_restore(request, FORM_CODE)
    if restored:
        return restored
    number = request.GET.get("copy", "")
    if number == LAST:
        last = queries.last_of(request.user)
        known = last is not None and request.scope.may(Perm.ACTIVITY_LOG, last.unit)
        return copied(last) if last is not None and known else {}
    if number:
        return copied(request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_VIEW, no=number))
    return {}


def media_of_request(request: Any) -> Any:
    """Media rows; a page that sends none (scripts, the workbench's short form) means none."""
    data = request.POST if "media-TOTAL_FORMS" in request.POST else None
    if data is not None and "more_media" in request.POST:
        data = data.copy()
        total = data["media-TOTAL_FORMS"]
        rows = min((int(total) if total.isdecimal() else 0) + 2, MEDIA_MOST)
        data["media-TOTAL_FORMS"] = str(rows)
    return MediaFormSet(data or {"media-TOTAL_FORMS": "0", "media-INITIAL_FORMS": "0"}, prefix="media")


def _log(request: Any, form: ActivityForm, media: Any, *, submitting: bool) -> Activity | None:
    try:
        return actions.log_activity(
            actor=request.user,
            unit=form.cleaned_data["unit"],
            fields=form.values,
            co_units=list(form.cleaned_data["co_units"]),
            partners=form.partner_names,
            media=media_rows(media),
            more_campaigns=list(form.cleaned_data["more_campaigns"]),
            picked=form.cleaned_data["photos"],
            documents=form.cleaned_data["documents"],
            client_token=form.token,
            submit=submitting,
        )
    except (ValidationError, WorkflowError, RefusedError) as error:
        show_error(form, error)
        return None


def show_error(form: ActivityForm, error: Exception) -> None:
    """Put what an action refused at the field it speaks of."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    elif isinstance(error, RefusedError):
        form.add_error("photos", error.message)
    else:
        form.add_error(None, str(getattr(error, "message", error)))


def _only_unfinished(form: ActivityForm) -> bool:
    """Is nothing wrong but that something is still missing?"""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return bool(codes) and codes <= {"required"}


def _keep_unfinished(request: Any, form: ActivityForm) -> HttpResponse:
    """A draft too short for a record of its own is kept among 我的草稿."""
    payload = draft_rules.clean_payload(request.POST.lists())
    draft_actions.save(
        token=form.token, form_code=FORM_CODE, payload=payload, holder=holder_of(request), path=request.path
    )
    remember(request, form.token)
    messages.success(request, _("草稿已保存，在“我的草稿”里可以接着填。"))
    return redirect("portal:drafts:index")


def _after(request: Any, activity: Activity, *, submitting: bool) -> HttpResponse:
    if activity.status == Status.SUBMITTED or activity.is_counted:
        return redirect("campaigns:activities:done", activity.no)
    if submitting:  # the same page was sent before as a draft, then again with 提交
        messages.info(
            request, _("这张表已经存过一次草稿（%(no)s），请核对后在这里提交。") % {"no": activity.no}
        )
        return redirect("campaigns:activities:edit", activity.no)
    messages.success(request, _("已存草稿，编号 %(no)s。") % {"no": activity.no})
    return redirect("campaigns:activities:detail", activity.no)


@allow(Perm.ACTIVITY_LOG)
@never_cache
def edit(request: Any, no: str) -> HttpResponse:
    """Change a draft or a returned record."""
    activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_VIEW, no=no)
    if not queries.may_change(request.scope, activity):
        activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_LOG, no=no)
        request.scope.require(Perm.ACTIVITY_LOG, activity.unit)
    if not activity.is_editable:
        if activity.is_counted:
            return redirect("campaigns:activities:correct", no)
        messages.warning(request, _("这条记录已提交，要修改请先撤回，或请审核的同事退回。"))
        return redirect("campaigns:activities:detail", no)
    if request.method != "POST":
        initial = from_record(activity) | initial_from_restore(request, f"activities.edit.{activity.pk}")
        form = ActivityForm(initial=initial, scope=request.scope, actor=request.user, target=activity)
        return show(request, form, MediaFormSet(initial=media_of(activity), prefix="media"), activity)
    submitting = request.POST.get("act", SUBMIT) != DRAFT
    form = ActivityForm(
        request.POST,
        request.FILES,
        scope=request.scope,
        actor=request.user,
        target=activity,
        submitting=submitting,
    )
    media = media_of_request(request)
    if (
        "more_media" not in request.POST
        and form.is_valid()
        and media.is_valid()
        and _change(request, form, media, activity, submitting=submitting)
    ):
        forget(request, form.token)
        return _after(request, activity, submitting=submitting)
    return show(request, form, media, activity)


def _change(request: Any, form: ActivityForm, media: Any, activity: Activity, *, submitting: bool) -> bool:
    try:
        actions.edit_activity(
            actor=request.user,
            activity=activity,
            version=form.cleaned_data.get("version") or 0,
            fields=form.values,
            co_units=list(form.cleaned_data["co_units"]),
            partners=form.partner_names,
            media=media_rows(media) if "media-TOTAL_FORMS" in request.POST else None,
            more_campaigns=list(form.cleaned_data["more_campaigns"]),
            picked=form.cleaned_data["photos"],
            documents=form.cleaned_data["documents"],
        )
        if submitting:
            own = request.scope.may(Perm.ACTIVITY_LOG, activity.unit)
            actions.step(actor=request.user, activity=activity, name="submit" if own else "hand_in")
    except (ValidationError, WorkflowError, RefusedError) as error:
        show_error(form, error)
        return False
    return True


def show(
    request: HttpRequest, form: ActivityForm, media: Any, activity: Activity | None = None
) -> HttpResponse:
    user: Any = request.user
    context = {
        "form": form,
        "media": media,
        "activity": activity,
        "form_code": _form_code(form, activity),
        "last": queries.has_logged(user) if activity is None else False,
        "returned_for": last_reason(activity, step="return")
        if activity and activity.status == Status.RETURNED
        else "",
        "places": queries.last_places(user),
        "counts": queries.usual_counts(user),
        "today": timezone.localdate(),
        "is_late": "late_reason" in form.errors or bool(form["late_reason"].value()),
    }
    return render(request, "campaigns/activities/form.html", context, status=200)


def _form_code(form: ActivityForm, activity: Activity | None) -> str:
    if activity is None:
        return FORM_CODE
    return f"activities.{'correct' if form.correcting else 'edit'}.{activity.pk}"


@allow(Perm.ACTIVITY_LOG)
@never_cache
def done(request: Any, no: str) -> HttpResponse:
    """What happens next, with the way back and the way on."""
    activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_VIEW, no=no)
    context = {
        "activity": activity,
        "reviewers": queries.reviewers_of(activity),
        "alike": queries.alike(activity),
        "steps": queries.steps(activity, request.scope),
        "path": [_("记录"), _("审核"), _("归档")],
        "at": AT_STEP.get(Status(activity.status), 1),
    }
    return render(request, "campaigns/activities/done.html", context)


@require_GET
@allow(Perm.ACTIVITY_LOG)
@never_cache
def offline(request: Any) -> HttpResponse:
    """The empty form for times without a network. The service worker keeps it on the device, so it holds choices only:
    nobody's name or phone, no earlier places or figures, no token."""
    units = list(queries.units_to_log_for(request.scope)[:1])
    initial = {
        "unit": units[0].unit_no if units else None,
        "campaign": queries.usual_campaign(units[0]) if units else None,
    }
    form = ActivityForm(initial=initial, scope=request.scope, actor=request.user)
    context = {"form": form, "form_code": FORM_CODE, "counts": USUAL_COUNTS}
    return render(request, "campaigns/activities/offline.html", context)
