"""What the public pages show, kept in the cache until a public record changes."""

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache

from campaigns.activities import queries
from campaigns.activities.models import Activity
from portal.files.models import StoredFile
from portal.files.queries import attached_to, by_target
from portal.pages.cached import forget, stamp
from portal.ui.lists import paging

__all__ = ["forget", "list_page", "newest", "page_of"]

PAGE_SIZE = 20
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Page:
    """One public activity with its photos."""

    activity: Activity
    photos: list[StoredFile] = field(default_factory=list)
    nearby: list[Activity] = field(default_factory=list)


@dataclass(frozen=True)
class Listed:
    """One page of the public list: (activity, first photo or None)."""

    rows: list[tuple[Activity, StoredFile | None]]
    previous: str
    next: str


def _kept(key: str, make: Any) -> Any:
    full = f"activities.public:{stamp()}:{key}"
    found = cache.get(full)
    if found is None:
        found = make()
        if found is not None:
            cache.set(full, found, KEPT_SECONDS)
    return found


def page_of(no: str) -> Page | None:
    """The public page of a number, or None."""
    if len(no) > 16 or not no.isascii() or not no.replace("-", "").isalnum():
        return None
    found: Page | None = _kept(f"page:{no}", lambda: _page(no))
    return found


def _page(no: str) -> Page | None:
    activity = queries.published_in_full().filter(no=no).first()
    if activity is None:
        return None
    photos = [file for file in attached_to(activity, "photos") if file.is_ready]
    nearby = list(queries.published().filter(unit=activity.unit_id).exclude(pk=activity.pk)[:4])
    return Page(activity, photos, nearby)


def list_page(*, kind: str = "", after: str = "", before: str = "") -> Listed:
    """One page of the list; the first one of each kind is kept."""
    if after or before:
        return _list(kind, after[:200], before[:200])
    found: Listed = _kept(f"list:{kind}", lambda: _list(kind, "", ""))
    return found


def _list(kind: str, after: str, before: str) -> Listed:
    rows = queries.published()
    part = paging.page(
        rows.filter(kind=kind) if kind else rows,
        ("-starts_at", "-pk"),
        size=PAGE_SIZE,
        after=after,
        before=before,
    )
    photos = by_target(Activity, [row.pk for row in part.rows if row.photo_count], "photos")
    listed = [
        (row, next((file for file in photos.get(str(row.pk), []) if file.is_ready), None))
        for row in part.rows
    ]
    extra = f"&kind={kind}" if kind else ""
    return Listed(
        listed,
        f"?before={part.before}{extra}" if part.before else "",
        f"?after={part.after}{extra}" if part.after else "",
    )


def newest(limit: int = 6) -> list[Activity]:
    """For the home page."""
    found: list[Activity] = _kept(f"newest:{limit}", lambda: list(queries.published()[:limit]))
    return found
