"""A work as the public will read it, and the names that must not stand in it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.works import queries, spoken
from families.works.models import Work
from families.works.naming import counts_as_minor, instructors_of, public_name_of
from families.works.rules import Audience
from portal.files import captions


def gate_snapshot(work: Work) -> dict[str, Any]:
    """Everything the page will show, for the gate and for the marks on the reviewer's page."""
    prefetch_related_objects([work], "authors")  # read here and for the names that must not stand in it
    photos, files = queries.shown_files(work)
    more = [[str(_("背后的故事")), work.story]] if work.story else []
    more += [[extra.label, extra.value] for extra in queries.extras_of(work)]
    written = str(work.extra.get("transcript") or "")
    if written and not any(extra.name == "transcript" for extra in queries.extras_of(work)):
        more.append([str(_("文字稿")), written])  # written by staff where the category has no field for it
    media = [file for file in files if not file.has_failed]
    said = captions.words(spoken.captions_text_of(media))
    more += [[str(_("字幕")), said]] if said else []
    missing = (
        [[str(_("文字稿")), str(_("没有，公开前请在作品页补上"))]] if spoken.is_wordless(work, media) else []
    )
    author = (public_name_of(work) if work.audience == Audience.PUBLIC else "") or str(_("一户家庭"))
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
            | ({"captions": file.captions_url} if file.has_captions else {})
            for file in media
        ],
        "facts": [[str(_("类别")), work.category.name], [str(_("征集")), work.call.title], *missing],
        "more_text": more,
    }


def private_names(work: Work) -> Iterable[str]:
    """Names that must not stand in the text: those of a work with a minor, of authors who want none shown or stand behind
    a pen name or their household's, of guardians and instructors."""
    authors = list(work.authors.all())
    shown = public_name_of(work)  # a family may call itself after one of its own
    hidden = work.is_minor or bool(work.household) or work.audience != Audience.PUBLIC
    today = timezone.localdate()
    names = [
        author.name for author in authors
        if counts_as_minor(author, today) or ((hidden or author.pen_name) and author.name not in shown)
    ]  # fmt: skip
    if work.audience != Audience.PUBLIC:
        names += [author.pen_name for author in authors] + [work.household]
    return [name for name in (*names, work.guardian_name, *instructors_of(work)) if name]
