"""The bell, what a person wants to receive, and the outbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.gate import allow, signed_in
from portal.access.permissions import Perm
from portal.notifications import actions, channels, lists, queries, rules
from portal.notifications.forms import OutgoingForm, PreferenceForm, RewordForm, SettleForm
from portal.notifications.models import Outgoing
from portal.ui.lists import build, chosen
from portal.ui.lists.paging import page as slice_of


@require_GET
@signed_in
def message_list(request: Any) -> HttpResponse:
    """My messages, newest first."""
    rows = queries.messages_of(request.user)
    only_new = request.GET.get("new") == "1"
    if only_new:
        rows = rows.filter(read_at__isnull=True)
    found = slice_of(
        rows,
        ("-created_at", "-pk"),
        size=30,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    keep = "&new=1" if only_new else ""
    context = {
        "rows": found.rows,
        "previous": f"?before={found.before}{keep}" if found.before else "",
        "next": f"?after={found.after}{keep}" if found.after else "",
        "only_new": only_new,
        "until": timezone.now().isoformat(),
        "unread_now": queries.unread_count(request.user),
        "page_tabs": [
            {"label": _("全部"), "url": request.path, "current": not only_new},
            {"label": _("未读"), "url": f"{request.path}?new=1", "current": only_new},
        ],
    }
    return render(request, "portal/notifications/messages.html", context)


@require_POST
@signed_in
def read(request: Any, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    message = get_object_or_404(queries.messages_of(request.user), pk=pk)
    actions.mark_read(message, actor=request.user)
    target = message.url or reverse("portal:notifications:messages")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe else "portal:notifications:messages")


@require_POST
@signed_in
def read_all(request: Any) -> HttpResponse:
    """Mark everything on the page as read; what arrived meanwhile stays new."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
        until = until if timezone.is_aware(until) else timezone.make_aware(until)
    except ValueError:
        until = timezone.now()
    count = actions.mark_all_read(actor=request.user, until=until)
    notes.success(request, _("%(n)d 条已标为已读。") % {"n": count})
    return redirect("portal:notifications:messages")


@signed_in
def preferences(request: Any) -> HttpResponse:
    """What I want by e-mail and SMS."""
    row = queries.preference_of(request.user)
    form = PreferenceForm(
        request.POST or None,
        initial={"email": row.email, "sms": row.sms, "quiet": row.quiet, "festival": row.festival},
    )
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("email", "sms", "quiet", "festival")}
        actions.set_preference(actor=request.user, **wanted)
        notes.success(request, _("提醒设置已保存。"))
        return redirect("portal:notifications:preferences")
    context = {
        "form": form,
        "has_email": bool(request.user.email),
        "has_phone": bool(request.user.phone),
        "mail_is_set_up": channels.email_is_set_up(),
    }
    return render(
        request, "portal/notifications/preferences.html", context, status=422 if form.errors else 200
    )


@require_GET
@allow(Perm.OUTBOX_READ)
def outbox(request: Any) -> HttpResponse:
    """Everything that left or shall leave."""
    page = build(request, lists.SPEC, bulk_action=reverse("portal:notifications:bulk"))
    context = {"page": page, "may_manage": request.scope.has(Perm.OUTBOX_MANAGE)}
    return render(request, "portal/notifications/outbox.html", context)


@require_POST
@allow(Perm.OUTBOX_MANAGE)
def bulk(request: Any) -> HttpResponse:
    """Send again, change or discard what was chosen."""
    rows = list(chosen(request, lists.SPEC)[:500])
    if request.POST.get("do") in {"edit", "write"}:
        return _reword(request, rows)
    if request.POST.get("do") == "discard":
        count = actions.discard(rows, actor=request.user)
        text = _("作废了 %(n)d 条；已经发出的不能作废。")
    else:
        count = actions.send_again(rows, actor=request.user)
        text = _("重新排队 %(n)d 条；只有草稿和失败的会重发。")
    notes.success(request, text % {"n": count})
    return redirect("portal:notifications:outbox")


def _reword(request: Any, rows: list[Outgoing]) -> HttpResponse:
    """One text for many that have not left: a page that says for how many, then the writing."""
    ready = [row for row in rows if row.state in rules.MAY_DISCARD and not row.is_secret]
    writing = request.POST.get("do") == "write"
    form = RewordForm(request.POST if writing else None, initial={"text": ready[0].text if ready else ""})
    if ready and writing and form.is_valid():
        text = form.cleaned_data["text"]
        count = sum(actions.edit(row, actor=request.user, text=text, subject=row.subject) for row in ready)
        notes.success(request, _("改好了 %(n)d 条；改的时候已经发出的不变。") % {"n": count})
        return redirect("portal:notifications:outbox")
    context = {"form": form, "ready": ready, "skipped": len(rows) - len(ready)}
    return render(request, "portal/notifications/reword.html", context, status=422 if form.errors else 200)


@allow(Perm.OUTBOX_READ)
def outgoing(request: Any, public_id: UUID) -> HttpResponse:
    """One message; its words can be changed until it has left."""
    row: Outgoing = get_object_or_404(queries.outbox(request.scope), public_id=public_id)
    may_edit = request.scope.has(Perm.OUTBOX_MANAGE) and row.state in rules.MAY_DISCARD and not row.is_secret
    is_sms = row.channel == rules.Channel.SMS
    form = OutgoingForm(
        request.POST or None, is_sms=is_sms, initial={"text": row.shown_text, "subject": row.subject}
    )
    if request.method == "POST":
        request.scope.require(Perm.OUTBOX_MANAGE)
        if form.is_valid():
            data = form.cleaned_data
            if actions.edit(row, actor=request.user, text=data["text"], subject=data.get("subject", "")):
                notes.success(request, _("内容已修改。"))
            else:
                notes.error(request, _("这条已经发出，不能再改。"))
            return redirect(row.staff_url)
    context = {
        "row": row,
        "form": form,
        "may_edit": may_edit,
        "may_manage": request.scope.has(Perm.OUTBOX_MANAGE),
    }
    return render(request, "portal/notifications/outgoing.html", context, status=422 if form.errors else 200)


@allow(*queries.ADDRESS_PERMS)
def address(request: Any, pk: int) -> HttpResponse:
    """An address at which three messages failed: what failed, whose it is, and what was done about it."""
    task = get_object_or_404(queries.bad_addresses(request.scope), pk=pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.settle_address(task, actor=request.user, note=form.cleaned_data["note"]):
            notes.success(request, _("已处理。以后再连续三次发不到，会重新提醒。"))
        return redirect("portal:reviews:inbox")
    context = {"task": task, "form": form}
    return render(request, "portal/notifications/address.html", context, status=422 if form.errors else 200)
