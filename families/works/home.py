"""What the home page shows of works."""

from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from families.works import queries

SHOWN_CATEGORIES = 6
COUNTS_SECONDS = 60  # how old the figures of the home page may be; pages themselves are never kept


def call(request: HttpRequest) -> dict[str, Any] | None:
    """The call that closes first, with its categories."""
    row = queries.open_calls().first()
    if row is None:
        return None
    counts = dict(
        queries.published().filter(call=row).order_by().values_list("category_id").annotate(n=Count("pk"))
    )
    submit = reverse("families:works:submit", args=[row.slug])
    return {
        "title": row.title,
        "days_left": row.days_left,
        "url": row.get_absolute_url(),
        "qr_svg_url": reverse("families:works:call_qr", args=[row.slug]),
        "note": _("无需注册，验证手机号即可；未满 14 周岁请监护人操作"),
        "works_url": reverse("families:works:gallery"),
        "categories": [
            {
                "name": category.name, "count": counts.get(category.pk, 0), "cover": category.cover,
                "url": f"{submit}?category={category.code}", "text": category.hint,
            }
            for category in queries.categories_of(row)[:SHOWN_CATEGORIES]
        ],
    }  # fmt: skip


def works(request: HttpRequest) -> dict[str, Any] | None:
    """The newest published works."""
    rows = list(queries.published().order_by("-published_at", "-pk")[:4])
    if not rows:
        return None
    return {
        "works": [
            {
                "title": work.title, "text": work.text or work.story, "author": work.by_line,
                "area": work.county.short_name if work.county else "", "url": work.get_absolute_url(),
            }
            for work in rows
        ],
        "all_url": reverse("families:works:gallery"),
        "total": (cache.get_or_set("works:home-counts", _counts, COUNTS_SECONDS) or _counts())[1],
    }  # fmt: skip


def _counts() -> tuple[int, int]:
    return queries.taken_in().count(), queries.published().count()


def stats(request: HttpRequest) -> dict[str, Any] | None:
    """How many were taken in, how many are on show."""
    counted = cache.get_or_set("works:home-counts", _counts, COUNTS_SECONDS)
    taken, shown = counted or _counts()
    if not taken:
        return None
    url = reverse("families:works:gallery")
    row = {
        "icon": "palette",
        "label": _("征集作品"),
        "value": taken,
        "unit": _("件"),
        "sub": _("已展出 %(n)s 件") % {"n": shown},
        "url": url,
    }
    return {"stats": [row]}
