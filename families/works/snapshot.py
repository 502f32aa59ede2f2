"""A work as the public will read it, and the names that must not stand in it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from families.works import queries
from families.works.models import Work
from families.works.rules import Audience


def gate_snapshot(work: Work) -> dict[str, Any]:
    """Everything the page will show, for the gate and for the marks on the reviewer's page."""
    photos = queries.photos_of([work]).get(str(work.pk), [])
    more = [[str(_("背后的故事")), work.story]] if work.story else []
    more += [[extra.label, extra.value] for extra in queries.extras_of(work)]
    author = queries.public_name_of(work) if work.audience == Audience.PUBLIC else str(_("一户家庭"))
    return {
        "title": work.title,
        "text": work.text,
        "author": author,
        "place": work.county.short_name if work.county else "",
        "photos": [
            {"url": photo.web_url, "alt": photo.caption or work.title}
            for photo in photos
            if not photo.has_failed
        ]
        + [
            {"url": file.web_url, "alt": file.caption or work.title, "kind": file.kind}
            for file in queries.media_of(work)
            if not file.has_failed
        ],
        "facts": [[str(_("类别")), work.category.name], [str(_("征集")), work.call.title]],
        "more_text": more,
    }


def private_names(work: Work) -> Iterable[str]:
    """Names that must not stand in the text: minors', guardians', and the author's who wants none shown."""
    hidden = work.is_minor or work.audience != Audience.PUBLIC
    names = [author.name for author in work.authors.all()] if hidden else []
    return [name for name in (*names, work.guardian_name) if name]
