"""The link from the message, the thread of the two, sending and answering."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.letters import actions, queries
from families.letters.forms import ReplyForm, SendForm
from families.letters.models import Delivery
from families.works import queries as works
from families.works.models import Work
from portal.access.gate import public
from portal.access.limits import key_of, limited, too_many, within
from portal.accounts import phone_codes
from portal.accounts.phone_codes import phone_hash, verified_phone, visitor_of
from portal.accounts.phone_step import PhoneStep
from portal.middleware import client_ip
from portal.reviews.workflow import WorkflowError

PURPOSE = "letter"


# -- the link ---------------------------------------------------------------------------------------


@public
@never_cache
@limited("letters.open")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever holds the phone the link was sent to: a code to it, then the letter. A guessed link is no address."""
    delivery = queries.by_link(token[:60])
    if delivery is None:
        raise Http404
    if not delivery.is_readable or delivery.has_expired or not delivery.phone:
        why = "expired" if delivery.is_readable else "gone"
        return render(request, "families/letters/closed.html", {"why": why}, status=410)
    step = PhoneStep(PURPOSE, phone=delivery.phone)
    if request.method == "POST":
        if request.POST.get("action") == "send_code":
            _send_code(request, step)
            return _door(request, delivery, step)
        if not phone_codes.verify(delivery.phone, request.POST.get("code", ""), PURPOSE):
            step.code_error = _("验证码不对或已过期，请重新填写或重新获取。")
            return _door(request, delivery, step)
        phone_codes.mark_verified(request, delivery.phone)
    visitor = visitor_of(request)
    if visitor is None or visitor.phone_hash != delivery.phone_hash:
        return _door(request, delivery, step)
    actions.opened(actor=visitor, delivery=delivery)
    return redirect("families:letters:thread", delivery.work.no)


def _send_code(request: HttpRequest, step: PhoneStep) -> None:
    try:
        phone_codes.issue(step.phone, PURPOSE, client_ip(request))
    except phone_codes.TooOften as wait:
        step.error = wait.text
        return
    step.sent_to = step.masked
    if settings.DEMO:
        step.demo_code = phone_codes.last_demo_code(step.phone, PURPOSE)


def _door(request: HttpRequest, delivery: Delivery, step: PhoneStep) -> HttpResponse:
    context = {"delivery": delivery, "step": step, "is_letter": queries.is_letter(delivery.work)}
    return render(request, "families/letters/door.html", context)


# -- the two ----------------------------------------------------------------------------------------


def _digest(request: HttpRequest) -> str:
    phone = verified_phone(request)
    return phone_hash(phone) if phone else ""


def _ask(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('families:works:me')}?{urlencode({'next': request.path})}")


def _known(request: HttpRequest) -> bool:
    return bool(_digest(request)) or request.user.is_authenticated


def _own(request: HttpRequest, no: str) -> Work:
    """What this family wrote and may send; Http404 otherwise."""
    user = request.user if request.user.is_authenticated else None
    work = works.own(_digest(request), user).filter(no=no).first()
    if work is None or not queries.can_be_sent(work.category):
        raise Http404
    return work


@public
@never_cache
@require_safe
def thread(request: HttpRequest, no: str) -> HttpResponse:
    """The letters between the two, oldest first: for whoever wrote or received one of them."""
    if not _known(request):
        return _ask(request)
    digest = _digest(request)
    user = request.user if request.user.is_authenticated else None
    work = works.own_by_no(no)
    chain = queries.readable(queries.thread_of(work), phone_hash=digest, user=user) if work else []
    if work is None or work not in chain:
        raise Http404
    received = {row.work_id: row for row in queries.received_by(digest)} if digest else {}
    visitor = visitor_of(request)
    if visitor is not None and work.pk in received:
        actions.opened(actor=visitor, delivery=received[work.pk])
    photos = works.photos_of(chain)
    last = received.get(chain[-1].pk)
    letters = [
        {
            "work": row,
            "photos": photos.get(str(row.pk), []),
            "is_received": row.pk in received,
            "direction": _direction(row),
        }
        for row in chain
    ]
    context = {
        "letters": letters,
        "work": work,
        "is_letter": queries.is_letter(work),
        "may_reply": last is not None and last.reply_id is None and queries.is_letter(chain[-1]),
        "reply_to": chain[-1],
        "may_refuse": work.pk in received and received[work.pk].reply_id is None,
    }
    return render(request, "families/letters/thread.html", context)


def _direction(work: Work) -> str:
    value = work.extra.get("direction", "")
    for spec in work.category.fields:
        if spec.get("name") == "direction":
            return str(dict(tuple(choice) for choice in spec["choices"]).get(value, ""))
    return ""


@public
@never_cache
def send(request: HttpRequest, no: str) -> HttpResponse:
    """寄给收信人."""
    if not _known(request):
        return _ask(request)
    work = _own(request, no)
    known = queries.of_work(work)
    initial = {"to_name": known.to_name, "phone": known.phone} if known else {}
    form = SendForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not within("letters.send", key_of(request) + (_digest(request) or "")):
            return too_many(request, "letters.send")
        data = form.cleaned_data
        try:
            actions.send(
                actor=_actor(request, work), work=work, to_name=data["to_name"], phone=data["phone"], token=form.token
            )  # fmt: skip
        except WorkflowError as error:
            form.add_error("phone", str(error.message))
        else:
            messages.success(request, _("已寄出。收信人会收到一条短信，打开后您在这里能看到。"))
            return redirect("families:works:mine", work.no)
    return render(request, "families/letters/send.html", {"form": form, "work": work, "known": known})


def _actor(request: HttpRequest, work: Work) -> Any:
    visitor = visitor_of(request)
    return visitor if visitor is not None and works.is_own(work, visitor) else request.user


def _received(request: HttpRequest, no: str) -> Delivery:
    delivery = queries.for_recipient(no, _digest(request))
    if delivery is None:
        raise Http404
    return delivery


@public
@never_cache
def reply(request: HttpRequest, no: str) -> HttpResponse:
    """回信: by the recipient alone, with the phone verified."""
    visitor = visitor_of(request)
    if visitor is None:
        return _ask(request)
    delivery = _received(request, no)
    letter = delivery.work
    if not queries.is_letter(letter):
        raise Http404
    answer = delivery.reply
    if answer is not None and answer.client_token != request.POST.get("form_token", ""):
        messages.info(request, _("您已经回过这封信了。"))
        return redirect("families:letters:thread", letter.no)
    common = {"letter": letter, "actor": request.user, "phone": verified_phone(request)}
    if request.method != "POST":
        return _reply_page(request, ReplyForm(initial={"audience": "only_recipient"}, **common), letter)
    form = ReplyForm(data=request.POST, files=request.FILES, **common)
    if not form.is_valid():
        return _reply_page(request, form, letter)
    try:
        actions.reply(
            actor=visitor, delivery=delivery, entry=form.entry(), token=form.token, ip=client_ip(request)
        )
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _reply_page(request, form, letter)
    messages.success(request, _("回信已送到，写信的家人会收到短信。"))
    return redirect("families:letters:thread", letter.no)


def _reply_page(request: HttpRequest, form: ReplyForm, letter: Work) -> HttpResponse:
    return render(request, "families/letters/reply.html", {"form": form, "letter": letter})


@public
@require_POST
def refuse(request: HttpRequest, no: str) -> HttpResponse:
    """不想再收到."""
    visitor = visitor_of(request)
    if visitor is None:
        return _ask(request)
    actions.refuse(actor=visitor, delivery=_received(request, no))
    messages.success(request, _("已谢绝。这位写信人不能再往您的手机寄信。"))
    return redirect("families:works:me")
