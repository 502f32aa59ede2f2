"""Answering a paper: no account, and no phone but where a prize is drawn; with or without JavaScript."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.quizzes.actions import attempts, draws
from campaigns.quizzes.forms.public import PrizeForm, ResumeForm, StartForm
from campaigns.quizzes.models import Attempt, Quiz
from campaigns.quizzes.queries import attempts as tries
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.rules import draw as draw_rules
from campaigns.quizzes.rules import papers as rules
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import phone_step
from portal.accounts.phone_codes import forget_phone
from portal.middleware import client_ip
from portal.reviews.workflow import WorkflowError

TRIES_KEY, VISITOR_KEY, CODES_KEY = "quiz_tries", "quiz_visitor", "quiz_codes"


def _quiz(slug: str) -> Quiz:
    quiz = queries.public().filter(slug=slug).first()
    if quiz is None:
        raise Http404
    return quiz


def _own(request: HttpRequest, quiz: Quiz) -> Attempt | None:
    ref = request.session.get(TRIES_KEY, {}).get(quiz.slug, "")
    return tries.attempt_by_ref(ref, quiz) if ref else None


def _remember(request: HttpRequest, attempt: Attempt, code: str = "") -> None:
    request.session[TRIES_KEY] = {**request.session.get(TRIES_KEY, {}), attempt.quiz.slug: str(attempt.ref)}
    if code:
        request.session[CODES_KEY] = {**request.session.get(CODES_KEY, {}), attempt.quiz.slug: code}


def _code(request: HttpRequest, quiz: Quiz) -> str:
    code = str(request.session.get(CODES_KEY, {}).get(quiz.slug, ""))
    return f"{code[:4]} {code[4:]}" if code else ""


def _visitor(request: HttpRequest) -> str:
    if not request.session.get(VISITOR_KEY):
        request.session[VISITOR_KEY] = attempts.new_visitor()
    return str(request.session[VISITOR_KEY])


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Papers that are open, to come, and closed."""
    rows = list(queries.public().order_by("-opens_on", "-pk")[:60])
    context = {
        "open": [quiz for quiz in rows if quiz.phase == "open"],
        "soon": [quiz for quiz in rows if quiz.phase == "soon"],
        "over": [quiz for quiz in rows if quiz.phase == "over"],
    }
    return render(request, "campaigns/quizzes/public_index.html", context)


@public
@never_cache
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, how it counts, and the button to begin."""
    return _intro(request, _quiz(slug))


def _intro(
    request: HttpRequest,
    quiz: Quiz,
    form: StartForm | None = None,
    status: int = 200,
    step: phone_step.PhoneStep | None = None,
) -> HttpResponse:
    items = list(quiz.items.all())
    if step is None and quiz.is_open and quiz.has_prize:
        step = phone_step.start(request, draw_rules.PHONE_PURPOSE)
    context = {
        "quiz": quiz,
        "form": form or StartForm(quiz=quiz),
        "attempt": _own(request, quiz),
        "number": len(items),
        "full": sum(item.points for item in items),
        "totals": tries.totals(quiz, items) if quiz.is_over or not quiz.is_contest else None,
        "draw": queries.public_draw(quiz) if quiz.has_prize else None,
        **(phone_step.context_of(step) if step else {}),
    }
    return render(request, "campaigns/quizzes/public_detail.html", context, status=status)


def _aside(request: HttpRequest, quiz: Quiz, form: StartForm, step: phone_step.PhoneStep) -> HttpResponse:
    """A code for the phone, or another phone; the choice stays."""
    if request.POST["action"] == "other_phone":
        forget_phone(request)
        step = phone_step.start(request, draw_rules.PHONE_PURPOSE)
    else:
        phone_step.send(request, step)
    form.is_valid()
    form.errors.clear()
    refused = step.error or step.captcha_error
    return _intro(request, quiz, form, 422 if refused else 200, step)


@public
@never_cache
@require_POST
@limited("quizzes.start")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin, or go on with what was begun in this browser."""
    quiz = _quiz(slug)
    own = _own(request, quiz)
    if own is not None and not own.is_done and own.is_in_time:
        return redirect("campaigns:quizzes:answer", slug)
    form = StartForm(request.POST, quiz=quiz)
    step = phone_step.start(request, draw_rules.PHONE_PURPOSE) if quiz.has_prize and quiz.is_open else None
    if step is not None and request.POST.get("action") in {"send_code", "other_phone"}:
        return _aside(request, quiz, form, step)
    if not form.is_valid():
        return _intro(request, quiz, form, 422, step)
    visitor = _visitor(request)
    if step is not None and not form.is_minor and not form.practises:
        if not phone_step.take(request, step):
            return _intro(request, quiz, form, 422, step)
        visitor = attempts.visitor_of_phone(quiz, step.phone)
    try:
        attempt, code = attempts.begin(
            quiz=quiz, token=form.token, visitor=visitor, is_minor=form.is_minor, practise=form.practises
        )
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _intro(request, quiz, form, 409, step)
    _remember(request, attempt, code)
    return redirect("campaigns:quizzes:answer", slug)


@public
@never_cache
@limited("quizzes.resume")
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a code, on any phone."""
    form = ResumeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = tries.find_attempt(form.cleaned_data["code"])
        if attempt is not None:
            _remember(request, attempt, form.cleaned_data["code"])
            name = "result" if attempt.is_done else "answer"
            return redirect(f"campaigns:quizzes:{name}", attempt.quiz.slug)
        form.add_error("code", _("没有找到这个续答码，请对照开始答题时的 8 位字母和数字再填一次。"))
    return render(
        request, "campaigns/quizzes/resume.html", {"form": form}, status=422 if form.errors else 200
    )


def _chosen(request: HttpRequest, rows: list[tries.Asked]) -> dict[int, list[int]]:
    """What the form of the whole paper holds; a question without a field in the request was left empty."""
    found = {}
    for row in rows:
        values = request.POST.getlist(f"i{row.item.pk}")
        found[row.item.pk] = [int(value) for value in values if value.isdigit() and len(value) < 3]
    return found


@public
@never_cache
@limited("quizzes.answer")
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole paper as one form; the script shows one question at a time and keeps each choice."""
    quiz = _quiz(slug)
    attempt = _own(request, quiz)
    if attempt is None:
        return redirect("campaigns:quizzes:public", slug)
    if not attempt.is_done and not attempt.is_in_time:
        attempts.hand_in(attempt=attempt)
        messages.info(request, _("时间到了，已选的答案都已保存并交卷。"))
    if attempt.is_done:
        return redirect("campaigns:quizzes:result", slug)
    rows = tries.asked(attempt)
    if request.method == "POST":
        try:
            attempts.keep(attempt=attempt, chosen=_chosen(request, rows))
            if request.POST.get("action") == "submit":
                attempts.hand_in(attempt=attempt)
                return redirect("campaigns:quizzes:result", slug)
            messages.success(request, _("已保存，可以先离开，凭续答码回来接着答。"))
        except WorkflowError as error:
            messages.warning(request, str(error.message))
            return redirect("campaigns:quizzes:result", slug)
        return redirect("campaigns:quizzes:answer", slug)
    context = {
        "quiz": quiz,
        "attempt": attempt,
        "rows": rows,
        "code": _code(request, quiz),
        "done": sum(bool(row.chosen) for row in rows),
    }
    return render(request, "campaigns/quizzes/answer.html", context)


@public
@never_cache
@require_POST
@limited("quizzes.answer")
def save(request: HttpRequest, slug: str) -> JsonResponse:
    """Keep the choice of one question (quiz.js). 409 with words when the time is over."""
    quiz = _quiz(slug)
    attempt = _own(request, quiz)
    number = request.POST.get("item", "")
    if attempt is None or not number.isdigit() or len(number) > 18:
        return JsonResponse({"saved": False, "gone": True}, status=404)
    values = [int(value) for value in request.POST.getlist("chosen") if value.isdigit() and len(value) < 3]
    try:
        done = attempts.keep(attempt=attempt, chosen={int(number): values})
    except WorkflowError as error:
        return JsonResponse({"saved": False, "over": True, "text": str(error.message)}, status=409)
    return JsonResponse({"saved": True, "done": done})


@public
@never_cache
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own result: score, topics; explanations at once after practice, after closing of a contest."""
    quiz = _quiz(slug)
    attempt = _own(request, quiz)
    if attempt is None:
        return redirect("campaigns:quizzes:public", slug)
    if not attempt.is_done:
        return redirect("campaigns:quizzes:answer", slug)
    rows = tries.asked(attempt)
    explained = attempt.is_practice or quiz.is_over
    may_enter = attempt.has_passed and not attempt.is_practice and quiz.has_prize and quiz.is_open
    context = {
        "quiz": quiz,
        "attempt": attempt,
        "rows": rows if explained else [],
        "has_answers": any(row.chosen for row in rows),
        "explained": explained,
        "topics": tries.own_topics(rows),
        "full": sum(row.item.points for row in rows),
        "code": _code(request, quiz),
        "may_enter": may_enter,
        "entry": queries.entry_of(attempt),
        "form": StartForm(quiz=quiz),
    }
    return render(request, "campaigns/quizzes/result.html", context)


@public
@never_cache
def prize(request: HttpRequest, slug: str) -> HttpResponse:
    """Who passed may leave a phone for the draw; the phone is verified by a code."""
    quiz = _quiz(slug)
    attempt = _own(request, quiz)
    if attempt is None or not attempt.is_done:
        return redirect("campaigns:quizzes:public", slug)
    entry = queries.entry_of(attempt)
    step = phone_step.start(request, draw_rules.PHONE_PURPOSE)
    if request.method != "POST" or entry is not None:
        return _prize_page(request, quiz, attempt, PrizeForm(), step, entry=entry)
    action = request.POST.get("action", "")
    if action == "send_code":
        phone_step.send(request, step)
        return _prize_page(request, quiz, attempt, PrizeForm(initial=request.POST.dict()), step)
    if action == "other_phone":
        forget_phone(request)
        return redirect("campaigns:quizzes:prize", slug)
    form = PrizeForm(request.POST)
    if not form.is_valid():
        step.error = " ".join(str(error) for error in form.errors.get("phone", []))
        return _prize_page(request, quiz, attempt, form, step, status=422)
    if not phone_step.take(request, step):
        return _prize_page(request, quiz, attempt, form, step, status=422)
    try:
        draws.enter(attempt=attempt, phone=step.phone, consent=True, ip=client_ip(request))
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _prize_page(request, quiz, attempt, form, step, status=409)
    return redirect("campaigns:quizzes:prize", slug)


def _prize_page(
    request: HttpRequest,
    quiz: Quiz,
    attempt: Attempt,
    form: PrizeForm,
    step: phone_step.PhoneStep,
    **more: Any,
) -> HttpResponse:
    status = more.pop("status", 200)
    can = attempt.has_passed and not attempt.is_practice and quiz.has_prize and quiz.is_open
    context = {"quiz": quiz, "form": form, "step": step, "captcha": step.captcha, "can": can, **more}
    return render(request, "campaigns/quizzes/prize.html", context, status=status)


@public
@require_safe
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """The draw for everybody: commitment before, seed, numbers and masked winners after; how to repeat it."""
    quiz = _quiz(slug)
    prize_draw = queries.public_draw(quiz) if quiz.has_prize else None
    if prize_draw is None:
        raise Http404
    winners = queries.winners_of(prize_draw) if prize_draw.is_published else []
    context = {
        "quiz": quiz,
        "draw": prize_draw,
        "seed": prize_draw.seed if prize_draw.is_published else "",
        "numbers": prize_draw.numbers if prize_draw.is_published else [],
        "winners": [(entry, draw_rules.key(prize_draw.seed, entry.number)) for entry in winners],
        "days": draw_rules.PUBLICITY_DAYS,
        "keep": rules.FORGET_PHONES_AFTER_DAYS,
    }
    return render(request, "campaigns/quizzes/draw.html", context)
