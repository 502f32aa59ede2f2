"""The publish gate in the menu, the inbox, the reminders."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files import serving
from portal.files.models import StoredFile
from portal.notifications import reminders
from portal.publication import demo, queries, rules  # noqa: F401 – demo registers itself
from portal.publication.models import Publication
from portal.publication.rules import Status
from portal.reviews import inbox
from portal.ui import menu
from portal.ui.narrow import narrow
from portal.workdays.queries import add_workdays


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(row.title, f"{row.waits_for} · {row.unit.short_name}", row.staff_url, row.moved_at)
        for row in narrow(
            queries.waiting_for(scope),
            "public_id",
            "title",
            "status",
            "levels",
            "unit__short_name",
            "moved_at",
        )[:limit]
    ]


def _next_reader(row: Publication) -> Perm:
    if row.status == Status.REQUESTED:
        return Perm.CONTENT_EDIT
    return Perm.CONTENT_CHECK if row.status == Status.EDITED and row.levels == 3 else Perm.CONTENT_PUBLISH


def _waiting_too_long(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    back = today - add_workdays(today, -rules.WAITING_TOO_LONG_WORKDAYS)
    for row in queries.unmoved_since(now - back):
        yield reminders.Due(
            key=f"{row.pk}:{row.status}:{row.moved_at:%Y%m%d%H%M}",
            text=_("“%(title)s”%(state)s，已超过 %(n)d 个工作日。")
            % {"title": row.title, "state": row.waits_for, "n": rules.WAITING_TOO_LONG_WORKDAYS},
            url=row.staff_url,
            perm=_next_reader(row),
            unit=row.unit,
        )


def _reads(request: HttpRequest, file: StoredFile, variant: str) -> bool:
    """Readers see the pictures the public would see, never the masters."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    if variant == "master" or not any(scope.has(perm) for perm in queries.READERS):
        return False
    return queries.shows_file(
        scope, model_name=file.target_type, target_id=file.target_id, file_id=str(file.public_id)
    )


serving.let_in(_reads)
inbox.register(
    inbox.InboxSource(
        "publication",
        gettext_lazy("发布审核"),
        "shield-check",
        queries.waiting_for,
        _items,
        "/staff/publication/",
        order=20,
    )
)
reminders.register(
    reminders.Reminder("publication.waiting", gettext_lazy("送审内容等得太久"), _waiting_too_long)
)
menu.register(
    menu.MenuItem(
        section=menu.WORK,
        label=gettext_lazy("发布审核"),
        icon="shield-check",
        url_name="portal:publication:queue",
        perm=Perm.CONTENT_TAKE_DOWN,
        order=60,
    )
)
