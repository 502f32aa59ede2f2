"""Saving views and asking for exports."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.journal.actions import record
from portal.listing.models import SavedView
from portal.ui.lists import LISTS

MAX_VIEWS = 30


class ListingError(Exception):
    """A request that cannot be met; the text is a plain sentence for the page."""


@transaction.atomic
def save_view(*, actor: User, list_code: str, name: str, query: str) -> SavedView:
    """Keep the current filter under a name; the same name again replaces it."""
    name = name.strip()
    if list_code not in LISTS or not name or len(name) > 40 or len(query) > 2000:
        raise ListingError(_("请给这个视图起一个不超过 40 个字的名字。"))
    others = SavedView.objects.filter(user=actor, list_code=list_code).exclude(name=name)
    if others.count() >= MAX_VIEWS:
        raise ListingError(_("每个列表最多保存 %(count)d 个视图，请先删掉不用的。") % {"count": MAX_VIEWS})
    view, _created = SavedView.objects.update_or_create(
        user=actor, list_code=list_code, name=name, defaults={"query": query}
    )
    record("list.view_saved", actor=actor, target=view, changed=["query"])
    return view


@transaction.atomic
def delete_view(*, actor: User, view: SavedView) -> None:
    """Forget one of the actor's own views."""
    if view.user_id != actor.pk:
        raise SavedView.DoesNotExist
    record("list.view_deleted", actor=actor, target=view)
    view.delete()


@transaction.atomic
def request_export(
    *, actor: User, list_code: str, query: str, file_format: str, reason: str = "", token: str = ""
) -> Job:
    """Queue an export of what the list shows to this person; sensitive columns only with right and reason."""
    scope = scope_of(actor)
    scope.require(Perm.EXPORT_PLAIN)
    spec = LISTS.get(list_code)
    if spec is None or not spec.export or file_format not in {"xlsx", "csv"}:
        raise ListingError(_("这个列表不能导出。"))
    if reason.strip():
        scope.require(Perm.EXPORT_SENSITIVE)
    args = {
        "list_code": list_code,
        "query": query[:2000],
        "file_format": file_format,
        "reason": reason.strip()[:200],
    }
    return enqueue("listing.export", args=args, by=actor, slot=f"export:{token}" if token else None)
