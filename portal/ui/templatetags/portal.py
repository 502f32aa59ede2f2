"""Template tags available everywhere (listed in TEMPLATES builtins)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.ui.labels import FIELD_LABELS
from portal.ui.lists import ListPage, written
from portal.ui.navigation import GROUPS, Link
from portal.ui.plain_field import plain_field
from portal.ui.words import WORDS

register = template.Library()
_MOTIF = re.compile(r"[a-z0-9-]+\.svg")


@register.simple_tag
def url_or_none(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named url, or nothing when no slice serves it."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=256)
def _served(path: str, urlconf: str) -> bool:
    try:
        resolve(path, urlconf)
    except Resolver404:
        return False
    return True


@register.simple_tag
def path_or_none(path: str) -> str:
    """The address itself when something serves it, else nothing: {% path_or_none "/works/" as works %}."""
    return path if _served(path, settings.ROOT_URLCONF) else ""


@register.simple_tag
def public_links(group: str) -> list[Link]:
    """The links of one group (see portal/ui/navigation.py) that something serves."""
    return [link for link in GROUPS[group] if _served(link.path, settings.ROOT_URLCONF)]


@register.simple_tag
def site_info() -> dict[str, str]:
    """The site facts, for pages rendered without a request."""
    facts: dict[str, str] = settings.SITE
    return facts


@register.simple_tag(takes_context=True)
def current(context: Context, path: str) -> SafeString:
    """aria-current for a navigation link: the page itself, or a page below it (not for /)."""
    request = context.get("request")
    here = getattr(request, "path", "")
    if here == path:
        return format_html(' aria-current="{}"', "page")
    if path != "/" and here.startswith(path):
        return format_html(' aria-current="{}"', "true")
    return SafeString("")


register.filter("plain_field", plain_field)


@register.simple_tag(takes_context=True)
def list_rows(context: Context, page: ListPage, *, pick: bool = False) -> SafeString:
    """The rows of a list's table."""
    return written.body(page, context, icons=TONES, pick=pick)


@register.filter
def percent_of(value: Any, target: Any) -> float:
    """How much of the target is reached, 0–100, for the length of a bar; 0 without a target."""
    try:
        share = float(value) / float(target) * 100
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    return round(min(max(share, 0.0), 100.0), 1)


@register.filter
def svg_percent(value: Any) -> str:
    """A length for SVG attributes: never localised, never outside 0–100."""
    try:
        number = min(max(float(value), 0.0), 100.0)
    except (TypeError, ValueError):
        number = 0.0
    return f"{number:.1f}%"


@register.filter
def tile_level(percent: Any) -> str:
    """The class of a tile for a completion rate: s1 (under 80 %) to s5 (96 % and more)."""
    try:
        number = float(percent)
    except (TypeError, ValueError):
        return "s1"
    return (
        "s5"
        if number >= 96
        else "s4"
        if number >= 92
        else "s3"
        if number >= 86
        else "s2"
        if number >= 80
        else "s1"
    )


@register.filter
def initial(name: Any) -> str:
    """The first character of a name, for a letter card in place of a portrait."""
    return str(name).strip()[:1] or "·"


@lru_cache(maxsize=64)
def _drawn(name: str) -> bool:
    return finders.find(f"img/motifs/{name}") is not None


@register.simple_tag
def motif(name: Any, fallback: str = "cover-talk.svg") -> str:
    """The address of a drawing of static/img/motifs; the fallback when there is no such drawing."""
    chosen = str(name or fallback)
    if not _MOTIF.fullmatch(chosen) or not _drawn(chosen):
        chosen = fallback
    return staticfiles_storage.url(f"img/motifs/{chosen}")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Bootstrap icon; silent for screen readers unless it is labelled."""
    if label:
        return format_html('<i class="bi bi-{}" role="img" aria-label="{}"></i>', name, label)
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


# Tone of a state tag → icon. Colour, icon and words always come together.
TONES = {
    "ok": "check-circle",
    "warn": "clock",
    "bad": "exclamation-triangle",
    "info": "info-circle",
    "rose": "hourglass-split",
    "gold": "award",
    "": "circle",
}


@register.filter
def tone_icon(tone: Any) -> str:
    """The icon that belongs to a tone."""
    return TONES.get(str(tone or ""), "circle")


@register.filter
def message_tone(tags: Any) -> str:
    """Tone of a message of the messages framework."""
    words = str(tags).split()
    for level, tone in (("error", "bad"), ("warning", "warn"), ("success", "ok")):
        if level in words:
            return tone
    return "info"


@register.filter
def clean_count(value: Any) -> str:
    """A whole number with thousands separators, in every language the same."""
    try:
        return f"{int(value):,}"
    except (TypeError, ValueError):
        return str(value)


@register.filter
def field_label(name: Any) -> str:
    """The words for a field name; plain ones when there are none, never the name itself."""
    return str(FIELD_LABELS.get(str(name), _("填写的内容")))


@register.simple_tag
def ui_words() -> SafeString:
    """The words scripts show, as data."""
    return _words(get_language() or "")


@lru_cache(maxsize=8)
def _words(_language: str) -> SafeString:
    return json_script({key: str(words) for key, words in WORDS.items()}, "ui-words")
