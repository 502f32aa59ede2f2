"""One of my works: where it is, who may read it, taking it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.works import panels, queries, spoken
from families.works.actions import own
from families.works.forms.choices import AUDIENCE_WORDS
from families.works.models import Work
from families.works.naming import family_lines, instructors_of, public_name_of
from families.works.rules import Audience, Status
from families.works.timeline import entries_of, last_reason, meaning_of
from families.works.views.me.door import actor_of, ask_phone, person_of
from portal.access.gate import public
from portal.middleware import client_ip
from portal.privacy.queries import about
from portal.reviews.workflow import WorkflowError


def own_work(request: HttpRequest, no: str) -> Work | None:
    """The work, when it is this family's. Http404 for another's; None when nobody is known yet."""
    person = person_of(request)
    if person is None:
        return None
    work = queries.own(person.phone_hash, person.user).filter(no=no).prefetch_related("authors").first()
    if work is None:
        raise Http404
    return work


@public
@never_cache
@require_safe
def mine(request: HttpRequest, no: str) -> HttpResponse:
    """One of my works: where it is, who can see it, what I may do."""
    work = own_work(request, no)
    if work is None:
        return ask_phone(request, request.path)
    return work_page(request, work)


def work_page(request: HttpRequest, work: Work, **more: Any) -> HttpResponse:
    context = {
        "work": work,
        "photos": queries.photos_of([work]).get(str(work.pk), []),
        "media": (media := queries.media_of(work)),
        "words": spoken.transcript_of(work, media),
        "extras": queries.extras_of(work),
        "entries": entries_of(work),
        "meaning": meaning_of(work),
        "returned": last_reason(work) if work.status == Status.RETURNED else "",
        "readers": queries.readers_of(work),
        "authors": family_lines(work),
        "instructors": instructors_of(work),
        "shown_as": public_name_of(work),
        "consents": list(about(work)),
        "may_rejoin": work.can_be_put_back and queries.may_rejoin(work),
        "panels": panels.for_own_work(request, work),
        "audiences": [
            (one, AUDIENCE_WORDS[one], one == work.audience) for one in queries.audiences_of(work.category)
        ],
        **more,
    }
    return render(request, "families/works/mine.html", context, status=more.get("status", 200))


def _change(request: HttpRequest, no: str, act: Any, done: str, to: str = "") -> HttpResponse:
    work = own_work(request, no)
    if work is None:
        return ask_phone(request, reverse("families:works:mine", args=[no]))
    try:
        act(work)
    except WorkflowError as error:
        return work_page(request, work, problem=str(error.message), status=409)
    messages.success(request, done)
    return redirect(to) if to else redirect("families:works:mine", no)


@public
@require_POST
def audience(request: HttpRequest, no: str) -> HttpResponse:
    """Widen or narrow who may read it."""
    value = request.POST.get("audience", "")
    if value not in Audience.values:
        raise Http404

    def act(work: Work) -> None:
        own.change_audience(
            actor=actor_of(request, work), work=work, audience=Audience(value),
            consented=bool(request.POST.get("consent_publication")), ip=client_ip(request),
        )  # fmt: skip

    return _change(
        request, no, act, _("已改好。公开页面按新的范围显示；需要重新审核的，通过后会短信告诉您。")
    )


@public
@require_POST
def withdraw_consent(request: HttpRequest, no: str) -> HttpResponse:
    """撤回公开同意: the page goes down at once."""
    return _change(
        request, no, lambda work: own.withdraw_publication(actor=actor_of(request, work), work=work),
        _("已撤回公开同意，公开页面已撤下。"),
    )  # fmt: skip


@public
@require_POST
def withdraw(request: HttpRequest, no: str) -> HttpResponse:
    """撤回投稿."""
    return _change(
        request, no, lambda work: own.withdraw(actor=actor_of(request, work), work=work), _("作品已撤回。")
    )


@public
@require_POST
def put_back(request: HttpRequest, no: str) -> HttpResponse:
    """恢复投稿."""
    return _change(
        request, no, lambda work: own.put_back(actor=actor_of(request, work), work=work),
        _("作品已恢复投稿，重新等待初核；要公开展示的，请在“谁能看到”里重新选择。"),
    )  # fmt: skip


@public
@require_POST
def delete(request: HttpRequest, no: str) -> HttpResponse:
    """删除, for good."""
    return _change(
        request, no, lambda work: own.erase(actor=actor_of(request, work), work=work), _("作品和其中的个人信息已删除。"),
        to="families:works:me",
    )  # fmt: skip
