"""/me/: a family's own page, by phone code or account."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.works import panels, queries, spoken
from families.works.actions import own
from families.works.actions import submit as submit_actions
from families.works.actions.numbers import code_hash
from families.works.forms.choices import AUDIENCE_WORDS
from families.works.forms.rows import is_rearranging, is_unconsented_child, rearranged
from families.works.forms.submit import WorkForm
from families.works.models import Work
from families.works.naming import family_lines, instructors_of, public_name_of
from families.works.rules import Audience, Status, plain_code
from families.works.timeline import author_values, entries_of, initial_of, last_reason, meaning_of
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import phone_codes
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import forget_phone, phone_hash, verified_phone, visitor_of
from portal.drafts import actions as draft_actions
from portal.drafts import rescue
from portal.drafts.holder import holder_of, let_go
from portal.drafts.queries import my_drafts
from portal.middleware import client_ip
from portal.privacy import actions as privacy
from portal.privacy import registry
from portal.privacy.queries import about
from portal.privacy.reading import lines_of
from portal.privacy.rules import RightsKind
from portal.reviews.workflow import WorkflowError


def _person(request: HttpRequest) -> registry.Person | None:
    phone = verified_phone(request)
    user = request.user if request.user.is_authenticated else None
    return registry.Person(phone_hash(phone) if phone else "", user) if phone or user else None


def _actor(request: HttpRequest, work: Work | None = None) -> Any:
    visitor = visitor_of(request)
    if visitor is not None and (work is None or queries.is_own(work, visitor)):
        return visitor
    return request.user


def _ask(request: HttpRequest, target: str = "") -> HttpResponse:
    """Through the door to a page that can be opened; what was pressed or typed is not lost on the way."""
    door = reverse("families:works:me")
    return redirect(f"{door}?{urlencode({'next': target})}" if target else door)


def _ask_again(request: HttpRequest, no: str) -> HttpResponse:
    """The phone was forgotten while somebody changed a work: keep the words, then ask for the phone."""
    keeps = request.method == "POST" and not is_unconsented_child(request.POST)
    draft = rescue.keep(request) if keeps else None
    if draft is not None:
        messages.info(request, _("手机验证已过期。您修改的文字已经保存，验证后会自动恢复。"))
    return _ask(request, draft.resume_url if draft else reverse("families:works:edit", args=[no]))


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else ""


@public
@never_cache
@limited("works.resume")
def me(request: HttpRequest) -> HttpResponse:
    """My works, drafts, consents; without a verified phone: the door to it."""
    if request.method == "POST":
        return _door(request, with_code=False)
    person = _person(request)
    if person is None:
        return _show_door(request, phones.start(request, "me"), with_code=False)
    works = list(queries.own(person.phone_hash, person.user)[:100])
    covers = queries.covers_of(works)
    context = {
        "cards": [{"work": work, "photo": covers.get(str(work.pk))} for work in works],
        "drafts": my_drafts(holder_of(request)),
        "phone": phone_codes.masked(verified_phone(request)) if person.phone_hash else "",
        "calls": list(queries.open_calls()[:3]),
        "panels": panels.for_me(request, person),
        "sources": [source.label for source in registry.SOURCES.values()],
    }
    return render(request, "families/works/me.html", context)


@public
@never_cache
@limited("works.resume")
def resume(request: HttpRequest) -> HttpResponse:
    """Find a draft or a work on another phone: by code and phone, or by phone alone."""
    if request.method == "POST":
        return _door(request, with_code=True)
    return _show_door(request, phones.start(request, "me"), with_code=True)


def _door(request: HttpRequest, *, with_code: bool) -> HttpResponse:
    step = phones.start(request, "me")
    if request.POST.get("action") == "send_code":
        phones.send(request, step)
        return _show_door(request, step, with_code=with_code)
    if not phones.take(request, step):
        return _show_door(request, step, with_code=with_code)
    code = plain_code(request.POST.get("resume_code", ""))
    return _open(request, code) if code else redirect(_next(request) or "families:works:me")


def _open(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to what the code stands for – if it is this phone's; else to everything of the phone."""
    digest = phone_hash(verified_phone(request))
    draft = draft_actions.adopt(code_hash=code_hash(code), phone_hash=digest)
    if draft is not None and draft.resume_url:
        return redirect(draft.resume_url)
    work = queries.by_code(code_hash(code))
    visitor = visitor_of(request)
    if work is not None and visitor is not None and work.entered_by_id and not work.phone_hash:
        own.claim(actor=visitor, work=work, phone=verified_phone(request), code=code)
    if work is not None and digest in (work.phone_hash, work.guardian_hash):
        return redirect("families:works:mine", work.no)
    messages.info(request, _("没有找到这个取回码。下面是这个手机号的全部草稿和作品。"))
    return redirect("families:works:me")


def _show_door(request: HttpRequest, step: phones.PhoneStep, *, with_code: bool) -> HttpResponse:
    context = {
        **phones.context_of(step), "with_code": with_code, "typed": request.POST, "next": _next(request),
        "action": request.path, "resume_code": request.POST.get("resume_code") or request.GET.get("code", ""),
    }  # fmt: skip
    return render(request, "families/works/door.html", context)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """For a shared phone: forget the number, and the drafts that the next person's form would go on with."""
    forget_phone(request)
    let_go(request)
    messages.success(request, _("已退出，这台设备上不再显示您的作品。"))
    return redirect("/")


def _mine(request: HttpRequest, no: str) -> Work | None:
    """The work, when it is this family's. Http404 for another's; None when nobody is known yet."""
    person = _person(request)
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
    work = _mine(request, no)
    if work is None:
        return _ask(request, request.path)
    return _work_page(request, work)


def _work_page(request: HttpRequest, work: Work, **more: Any) -> HttpResponse:
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


@public
@never_cache
def edit(request: HttpRequest, no: str) -> HttpResponse:
    """Change a work while that is allowed."""
    work = _mine(request, no)
    if work is None:
        return _ask_again(request, no)
    if not work.is_editable:
        messages.info(request, _("作品已在审核中或已结束，现在不能修改。"))
        return redirect("families:works:mine", work.no)
    common = {
        "call": work.call,
        "actor": request.user,
        "phone": work.phone,
        "target": work,
        "category": work.category.code,
    }
    if request.method != "POST":
        return _edit_page(request, work, WorkForm(initial=_initial(request, work), **common))
    action = request.POST.get("action", "")
    if action == "category" or is_rearranging(action):
        data = rearranged(request.POST, action) if is_rearranging(action) else request.POST
        form = WorkForm(data=data, files=request.FILES, **common)
        form.quieten()
        form.refuse_sixth()
        return _edit_page(request, work, form)
    form = WorkForm(data=request.POST, files=request.FILES, **common)
    if not form.is_valid():
        return _edit_page(request, work, form)
    try:
        submit_actions.resubmit(
            actor=_actor(request, work), work=work, entry=form.entry(), ip=client_ip(request)
        )
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _edit_page(request, work, form)
    rescue.forget(request)
    messages.success(request, _("已保存并重新提交。"))
    return redirect("families:works:mine", work.no)


def _initial(request: HttpRequest, work: Work) -> dict[str, Any]:
    """What is stored, or what was typed before the phone had to be verified again."""
    typed = rescue.initial_from_restore(request, "works.edit")
    boxes = ("licence", "consent_processing", "consent_publication", "consent_guardian", "household_agreed")
    if not typed:
        return initial_of(work)
    return {**initial_of(work), **dict.fromkeys((*boxes, *author_values(work)), ""), **typed}


def _edit_page(request: HttpRequest, work: Work, form: WorkForm) -> HttpResponse:
    context = {
        "work": work,
        "call": work.call,
        "form": form,
        "step": phones.PhoneStep("submit", phone=work.phone),
        "editing": True,
    }
    return render(request, "families/works/submit.html", context)


def _act(request: HttpRequest, no: str, act: Any, done: str, to: str = "") -> HttpResponse:
    work = _mine(request, no)
    if work is None:
        return _ask(request, reverse("families:works:mine", args=[no]))
    try:
        act(work)
    except WorkflowError as error:
        return _work_page(request, work, problem=str(error.message), status=409)
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
            actor=_actor(request, work), work=work, audience=Audience(value),
            consented=bool(request.POST.get("consent_publication")), ip=client_ip(request),
        )  # fmt: skip

    return _act(request, no, act, _("已改好。公开页面按新的范围显示；需要重新审核的，通过后会短信告诉您。"))


@public
@require_POST
def withdraw_consent(request: HttpRequest, no: str) -> HttpResponse:
    """撤回公开同意: the page goes down at once."""
    return _act(
        request, no, lambda work: own.withdraw_publication(actor=_actor(request, work), work=work),
        _("已撤回公开同意，公开页面已撤下。"),
    )  # fmt: skip


@public
@require_POST
def withdraw(request: HttpRequest, no: str) -> HttpResponse:
    """撤回投稿."""
    return _act(
        request, no, lambda work: own.withdraw(actor=_actor(request, work), work=work), _("作品已撤回。")
    )


@public
@require_POST
def put_back(request: HttpRequest, no: str) -> HttpResponse:
    """恢复投稿."""
    return _act(
        request, no, lambda work: own.put_back(actor=_actor(request, work), work=work),
        _("作品已恢复投稿，重新等待初核；要公开展示的，请在“谁能看到”里重新选择。"),
    )  # fmt: skip


@public
@require_POST
def delete(request: HttpRequest, no: str) -> HttpResponse:
    """删除, for good."""
    return _act(
        request, no, lambda work: own.erase(actor=_actor(request, work), work=work), _("作品和其中的个人信息已删除。"),
        to="families:works:me",
    )  # fmt: skip


@public
@require_POST
def data(request: HttpRequest) -> HttpResponse:
    """Download everything the portal keeps about me: a page to read and print, or JSON to take elsewhere."""
    person = _person(request)
    if person is None:
        return _ask(request)
    body = {str(source.label): source.export(person) for source in registry.SOURCES.values()}
    _note(request, RightsKind.EXPORT)
    is_page = request.POST.get("as") == "page"
    text = (
        _page_of(body) if is_page else json.dumps(body, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    )
    kind, ending = ("text/html", "html") if is_page else ("application/json", "json")
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _page_of(body: dict[str, list[dict[str, Any]]]) -> str:
    parts = [{"label": name, "rows": [lines_of(row) for row in rows]} for name, rows in body.items()]
    return render_to_string("documents/privacy/my_data.html", {"parts": parts, "today": timezone.localdate()})


def _note(request: HttpRequest, kind: RightsKind) -> None:
    actor = _actor(request)
    privacy.ask(actor=actor, kind=kind, subject_ref=str(actor.ref), done=True)


@public
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Delete everything of mine, after typing 删除."""
    person = _person(request)
    if person is None:
        return _ask(request)
    if request.POST.get("sure", "").strip().casefold() != _("删除").casefold():
        messages.error(request, _("没有删除：请在框里填“删除”两个字再确认。"))
        return redirect("families:works:me")
    actor = _actor(request)
    count = privacy.erase_everything(actor=actor, person=person, subject_ref=str(actor.ref))
    messages.success(request, _("已删除 %(n)d 件作品和相关个人信息。") % {"n": count})
    return redirect("families:works:me")


@public
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a correction or anything else; answered within 15 days."""
    person, text = _person(request), request.POST.get("message", "").strip()
    if person is None:
        return _ask(request)
    if len(text) < 4:
        messages.error(request, _("请写明要更正或办理什么。"))
        return redirect("families:works:me")
    actor = _actor(request)
    privacy.ask(
        actor=actor, kind=RightsKind.CORRECT, subject_ref=str(actor.ref), phone=verified_phone(request), message=text,
        token=request.POST.get("form_token") or None,
    )  # fmt: skip
    messages.success(request, _("已收到，我们会在 15 天内答复。"))
    return redirect("families:works:me")
