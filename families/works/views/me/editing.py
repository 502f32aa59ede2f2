"""Changing a work while that is allowed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from families.works.actions import submit as submit_actions
from families.works.forms.rows import is_rearranging, is_unconsented_child, rearranged
from families.works.forms.submit import WorkForm
from families.works.models import Work
from families.works.timeline import author_values, initial_of
from families.works.views.me.door import actor_of, ask_phone
from families.works.views.me.one import own_work
from portal.access.gate import public
from portal.accounts import phone_step as phones
from portal.drafts import rescue
from portal.middleware import client_ip
from portal.reviews.workflow import WorkflowError


def _ask_again(request: HttpRequest, no: str) -> HttpResponse:
    """The phone was forgotten while somebody changed a work: keep the words, then ask for the phone."""
    keeps = request.method == "POST" and not is_unconsented_child(request.POST)
    draft = rescue.keep(request) if keeps else None
    if draft is not None:
        messages.info(request, _("手机验证已过期。您修改的文字已经保存，验证后会自动恢复。"))
    return ask_phone(request, draft.resume_url if draft else reverse("families:works:edit", args=[no]))


@public
@never_cache
def edit(request: HttpRequest, no: str) -> HttpResponse:
    """Change a work while that is allowed."""
    work = own_work(request, no)
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
            actor=actor_of(request, work), work=work, entry=form.entry(), ip=client_ip(request)
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
