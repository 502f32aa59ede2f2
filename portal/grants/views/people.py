"""One person: roles, history, and what the administrator above may do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, Reach, Role
from portal.accounts import links, second_factor
from portal.accounts.models import User
from portal.grants import actions, preview, queries, rules
from portal.grants import handover as handovers
from portal.grants.forms import EndForm, GiveForm, HandoverForm, ReasonForm
from portal.grants.lists import state_of
from portal.grants.rules import GrantRefused
from portal.journal import browsing
from portal.journal.queries import about


def _person(request: Any, ref: UUID) -> User:
    user = queries.visible_person(request.scope, str(ref))
    if user is None:
        raise Http404
    return user


@allow(Perm.GRANT_VIEW)
def person(request: Any, ref: UUID) -> HttpResponse:
    """Roles now and before, the state of the account, and the buttons that apply."""
    user = _person(request, ref)
    grants = list(queries.visible(request.scope).filter(user=user).order_by("-created_at"))
    rows = [
        {"grant": grant, "state": state_of(grant), "may_end": _may_end(request, grant)} for grant in grants
    ]
    context = {
        "person": user,
        "rows": rows,
        "may_manage": queries.is_manageable(request.scope, user),
        "may_give": _may_give(request, user),
        "is_waiting": not user.has_usable_password(),
        "open_link": queries.open_link(user),
        "has_second_factor": second_factor.is_set_up(user),
        "entries": browsing.timeline(about(user).order_by("-pk")[:20]),
    }
    return render(request, "portal/grants/person.html", context)


def _may_give(request: Any, user: User) -> bool:
    """Is there any role this person could still get from who looks? The 三员 get none beside their own."""
    if user.pk == request.user.pk or not user.is_active:
        return False
    return bool(rules.giving_lines(request.scope)) and not (queries.open_roles_of(user) & EXCLUSIVE_ROLES)


def _may_end(request: Any, grant: Any) -> bool:
    if grant.ended_at is not None or grant.user_id == request.user.pk:
        return False
    return rules.may_give(request.scope, Role(grant.role), grant.unit, Reach(grant.reach))


@allow(Perm.ACCOUNT_INVITE, Perm.GRANT_GIVE)
def give(request: Any, ref: UUID) -> HttpResponse:
    """One more role: fill in, look at the preview, confirm."""
    user = _person(request, ref)
    form = GiveForm(request.POST or None, scope=request.scope, held=queries.open_roles_of(user))
    context: dict[str, Any] = {"form": form, "person": user}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if "confirm" in request.POST:
            try:
                actions.give(actor=request.user, user=user, token=form.token, **form.chosen)
            except GrantRefused as refused:
                form.add_error(None, refused.text)
            else:
                messages.success(request, _("已授权，本人会收到通知。"))
                return redirect("portal:grants:person", ref=ref)
        else:
            context["preview"] = preview.of(data["role"], data["unit"], data["reach"])
    return render(request, "portal/grants/give.html", context)


@allow(Perm.ACCOUNT_INVITE, Perm.GRANT_GIVE)
def end(request: Any, ref: UUID) -> HttpResponse:
    """Take a role back, with a reason, now or at a date."""
    user = _person(request, ref)
    grants = queries.visible(request.scope).filter(user=user, ended_at__isnull=True)
    form = EndForm(request.POST or None, grants=grants, initial={"grant": request.GET.get("grant")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.end(actor=request.user, grant=data["grant"], reason=data["reason"], on=data["on"])
        except GrantRefused as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, _("角色已收回。") if data["on"] is None else _("已设定到期日。"))
            return redirect("portal:grants:person", ref=ref)
    asked = request.POST.get("grant") or request.GET.get("grant") or ""
    grant = grants.filter(pk=asked).first() if asked.isdigit() and len(asked) < 19 else None
    if grant is None:
        raise Http404
    return render(request, "portal/grants/end.html", {"form": form, "person": user, "grant": grant})


ACTS: dict[str, tuple[Callable[..., str | None], Any]] = {
    "reset-password": (actions.reset_password, "link"),
    "reset-second-factor": (
        actions.reset_second_factor,
        gettext_lazy("两步验证已重置，本人下次登录会重新绑定。"),
    ),
    "disable": (actions.disable, gettext_lazy("账号已停用，正在进行的登录已断开。")),
    "enable": (actions.enable, gettext_lazy("账号已恢复，本人下次登录须改密码。")),
}


@require_POST
@never_cache
@allow(Perm.ACCOUNT_INVITE, Perm.ACCOUNT_ADMIN)
def act(request: Any, ref: UUID, what: str) -> HttpResponse:
    """Reset, disable, enable (each with a reason), send or revoke the invitation."""
    user = _person(request, ref)
    try:
        if what == "resend":
            return _show_link(request, user, actions.resend(actor=request.user, user=user))
        if what == "revoke":
            actions.revoke_invitation(actor=request.user, user=user)
            messages.success(request, _("链接已撤回。"))
            return redirect("portal:grants:person", ref=ref)
        if what not in ACTS:
            raise Http404
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise GrantRefused(_("请写明原因（100 字以内）。"))
        action, text = ACTS[what]
        token = action(actor=request.user, user=user, reason=form.cleaned_data["reason"])
        if text == "link" and token:
            return _show_link(request, user, token)
        messages.success(request, text)
    except GrantRefused as refused:
        messages.error(request, refused.text)
    return redirect("portal:grants:person", ref=ref)


def _show_link(request: Any, user: User, token: str) -> HttpResponse:
    link = request.build_absolute_uri(links.path(token))
    return render(request, "portal/grants/invited.html", {"invited": [(user, link)]})


@require_POST
@allow(Perm.ACCOUNT_INVITE, Perm.ACCOUNT_ADMIN)
def rename(request: Any, ref: UUID) -> HttpResponse:
    """Correct a name."""
    user = _person(request, ref)
    name = request.POST.get("display_name", "").strip()
    if 2 <= len(name) <= 30:
        actions.rename(actor=request.user, user=user, display_name=name)
        messages.success(request, _("姓名已更正。"))
    else:
        messages.error(request, _("姓名要 2–30 个字。"))
    return redirect("portal:grants:person", ref=ref)


@allow(Perm.HANDOVER_DO)
def handover(request: Any, ref: UUID) -> HttpResponse:
    """What the person holds, who takes it, and the dry run before it happens."""
    user = _person(request, ref)
    people = queries.successors_for(request.scope, user)
    form = HandoverForm(request.POST or None, people=people)
    is_checked = request.method == "POST" and form.is_valid()
    if is_checked and "confirm" in request.POST:
        data = form.cleaned_data
        try:
            moved = actions.hand_over(
                actor=request.user,
                user=user,
                successor=data["successor"],
                reason=data["reason"],
                ends_on=data["ends_on"],
            )
        except GrantRefused as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, _("交接完成，共移交 %(count)d 项。") % {"count": sum(moved.values())})
            return redirect("portal:grants:person", ref=ref)
    context = {
        "form": form,
        "person": user,
        "counts": handovers.counts(user),
        "grants": queries.open_of(user).select_related("unit"),
        "is_checked": is_checked and not form.errors,
        "missing": queries.missing_for(user, form.cleaned_data["successor"]) if form.is_valid() else [],
        "may_manage": queries.is_manageable(request.scope, user),
    }
    return render(request, "portal/grants/handover.html", context)
