"""What campaigns bring to other pages: menu, inbox, reminders, files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import demo, lists, queries  # noqa: F401 – demo and the list register themselves
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files import serving
from portal.notifications import reminders
from portal.reviews import inbox
from portal.ui.menu import PLAN, MenuItem, register
from portal.ui.narrow import narrow


def _badge(request: HttpRequest) -> Any:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return queries.receipts_to_confirm(scope) if scope.has(Perm.POLICY_RECEIVE) else None


register(
    MenuItem(
        section=PLAN, label=gettext_lazy("主题活动"), icon="flag", url_name="campaigns:planning:index",
        perm=Perm.CAMPAIGN_VIEW, order=5,
    )
)  # fmt: skip
register(
    MenuItem(
        section=PLAN, label=gettext_lazy("文件签收"), icon="envelope-check", url_name="campaigns:planning:receipts",
        perm=Perm.CAMPAIGN_VIEW, badge=_badge, order=15,
    )
)  # fmt: skip


# -- inbox ------------------------------------------------------------------------------------------


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            _("请签收：%(title)s") % {"title": row.policy.title},
            _("%(unit)s · %(from)s发来 · %(due)s前签收")
            % {
                "unit": row.unit.short_name,
                "from": row.policy.unit.short_name,
                "due": row.due_at.strftime("%m-%d"),
            },
            row.staff_url,
            row.addressed_at,
        )
        for row in narrow(
            queries.receipts_to_confirm(scope),
            "policy__title",
            "policy__confirm_days",
            "policy__unit__short_name",
            "policy__campaign__slug",
            "unit__short_name",
            "addressed_at",
        )[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "policy_receipts",
        gettext_lazy("待签收的文件"),
        "envelope-check",
        queries.receipts_to_confirm,
        _items,
        "/staff/campaigns/receipts/?box=open",
        order=15,
    )
)


WATCHED_DAYS = 7
# -- reminders --------------------------------------------------------------------------------------


def _due(now: datetime) -> Iterable[reminders.Due]:
    """After the days the document gives, and once more after twice as many. Each round is looked at for a week: with
    receipts down to the villages, those that stay silent for years would be asked for every hour."""
    for row in queries.open_receipts().iterator(chunk_size=500):
        rounds, since = divmod((now - row.addressed_at).days, row.policy.confirm_days)
        if rounds < 1 or since + max(rounds - 2, 0) * row.policy.confirm_days >= WATCHED_DAYS:
            continue
        yield reminders.Due(
            key=f"{row.pk}:{min(rounds, 2)}",
            text=_("《%(title)s》送达 %(days)d 天还没有签收，请打开文件按“确认收到”。")
            % {"title": row.policy.title, "days": (now - row.addressed_at).days},
            url=row.staff_url,
            perm=Perm.POLICY_RECEIVE,
            unit=row.unit,
            urgent=rounds > 1,
        )


reminders.register(reminders.Reminder("planning.receipts", gettext_lazy("文件还没有签收"), _due))


# -- files ------------------------------------------------------------------------------------------


def _can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and queries.policies_visible(scope).filter(pk=int(target_id)).exists()


def _is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and queries.policies_public().filter(pk=int(target_id)).exists()


serving.register("policydocument", can_see=_can_see, is_public=_is_public, public_documents=True)
