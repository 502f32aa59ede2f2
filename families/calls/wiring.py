"""Notices wait in the inbox of their unit; attachments of an announced call are public."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from families.calls import lists, queries
from families.works.models import WorkCall
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.drafts import labels
from portal.files import serving
from portal.reviews import inbox
from portal.ui import menu
from portal.units import impact

__all__ = ["lists"]


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            title=_("请签收：%(title)s") % {"title": row.call.title},
            sub=_("%(unit)s · %(from)s下发 · %(day)s截止征集")
            % {
                "unit": row.unit.short_name, "from": row.call.unit.short_name, "day": f"{row.call.last_day:%m-%d}",
            },
            url=row.staff_url,
            since=row.addressed_at,
        )
        for row in queries.to_confirm(scope)[:limit]
    ]  # fmt: skip


inbox.register(
    inbox.InboxSource(
        code="call_receipts", label=_("待签收的征集通知"), icon="megaphone", rows=queries.to_confirm, items=_items,
        all_url="/staff/works/notices/?open=true", order=16,
    )
)  # fmt: skip


def _badge(request: HttpRequest) -> Any:
    return queries.to_confirm(scope_of(request.user))


menu.register(
    menu.MenuItem(
        section=menu.WORK, label=_("征集通知"), icon="envelope-paper", url_name="families:calls:receipts",
        perm=Perm.POLICY_RECEIVE, badge=_badge, order=42,
    )
)  # fmt: skip


def _may_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    call = queries.call_by_pk(target_id)
    return call is not None and (call.is_announced or scope_of(request.user).may(Perm.CALL_EDIT, call))


def _is_public(target_id: str, variant: str) -> bool:
    call = queries.call_by_pk(target_id)
    return call is not None and call.is_announced


serving.register("workcall", can_see=_may_see, is_public=_is_public)
labels.register("calls.edit", _("征集启事"))
impact.register(
    _("征集启事"), lambda units: WorkCall.objects.filter(unit__in=units).count(), code="work_calls"
)
