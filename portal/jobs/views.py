"""Following one's own work, and looking after all of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access.gate import allow, signed_in
from portal.access.permissions import Perm
from portal.jobs import actions, notes, queries
from portal.jobs.lists import SPEC, TONES
from portal.jobs.models import Job, JobState
from portal.jobs.registry import PERIODIC
from portal.jobs.words import kind_text, result_text
from portal.ui.lists import build


def _job(request: Any, public_id: UUID) -> Job:
    job = queries.visible(request.scope, request.user, public_id)
    if job is None:
        raise Http404
    return job


@signed_in
def detail(request: Any, public_id: UUID) -> HttpResponse:
    """How far the work is, and what came of it. htmx asks for the panel alone until it is over."""
    job = _job(request, public_id)
    is_mine = job.created_by_id == request.user.pk
    context = {
        "job": job,
        "kind": kind_text(job.kind),
        "tone": TONES[JobState(job.state)],
        "may_fetch": is_mine and bool(job.file_path),
        "may_retry": job.state == JobState.FAILED and request.scope.has(Perm.JOB_RETRY),
        "show_error": request.scope.has(Perm.JOB_READ),
    }
    template = "portal/jobs/_panel.html" if request.headers.get("HX-Request") else "portal/jobs/detail.html"
    return render(request, template, context)


@signed_in
def file(request: Any, public_id: UUID) -> HttpResponseBase:
    """The result file, for who asked for it and nobody else (it may hold business data)."""
    job = _job(request, public_id)
    if job.created_by_id != request.user.pk or not job.file_path:
        raise Http404
    try:
        handle = job.open_file()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(handle, as_attachment=True, filename=job.file_name, content_type=job.file_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


PAGES = (
    ("portal:jobs:index", Perm.JOB_READ),
    ("portal:jobs:periodic", Perm.JOB_READ),
    ("portal:notifications:outbox", Perm.OUTBOX_READ),
    ("portal:journal:index", Perm.JOURNAL_READ),
)


@allow(Perm.JOB_READ, Perm.JOURNAL_READ, Perm.OUTBOX_READ)
def ops(request: Any) -> HttpResponse:
    """The first page of the running of the portal that this person may open."""
    for name, perm in PAGES:
        if request.scope.has(perm):
            try:
                return redirect(reverse(name))
            except NoReverseMatch:
                continue
    raise Http404


@allow(Perm.JOB_READ)
def index(request: Any) -> HttpResponse:
    """All jobs."""
    return render(request, "portal/jobs/index.html", {"page": build(request, SPEC), "notes": notes.current()})


@allow(Perm.JOB_READ)
def periodic(request: Any) -> HttpResponse:
    """What comes back by the clock: last run, result, next run."""
    rows = [
        {
            "name": kind_text(row.name),
            "row": row,
            "tone": TONES[JobState(row.last.state)] if row.last else "",
            "minutes": row.every // 60,
            "result": result_text(row.last.result) if row.last else "",
        }
        for row in queries.timetable(timezone.now())
    ]
    context = {"rows": rows, "may_retry": request.scope.has(Perm.JOB_RETRY)}
    return render(request, "portal/jobs/periodic.html", context)


@require_POST
@allow(Perm.JOB_RETRY)
def retry(request: Any, public_id: UUID) -> HttpResponse:
    """Queue a failed job again."""
    job = _job(request, public_id)
    if job.state == JobState.FAILED:
        actions.retry(job=job, actor=request.user)
        messages.success(request, _("已重新排队。"))
    else:
        messages.info(request, _("这个任务不是失败状态，不用重跑。"))
    return redirect("portal:jobs:detail", public_id=public_id)


@require_POST
@allow(Perm.JOB_RETRY)
def run_now(request: Any) -> HttpResponse:
    """Start periodic work now; its next time stays as it is."""
    name = request.POST.get("name", "")
    if name not in PERIODIC:
        raise Http404
    job = actions.run_now(name=name, actor=request.user)
    messages.success(request, _("“%(name)s”已排队，很快执行。") % {"name": kind_text(name)})
    return redirect("portal:jobs:detail", public_id=job.public_id)
