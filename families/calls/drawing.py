"""What is printed and shared of a call: the poster with its QR code (A4, A3) and the picture for chat apps."""

import io
from typing import Any

import segno
from django.conf import settings
from django.core.cache import cache
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from families.calls.rules import Part, part_word
from families.works.messages import full_url
from families.works.models import WorkCall
from families.works.queries import categories_of
from portal import typeset

PAPERS = ("a4", "a3")
KEEP_SECONDS = 3600
OPENING = 66
MOTIFS = settings.ROOT / "static" / "img" / "motifs"


def qr_svg(url: str) -> bytes:
    """A QR code for paper, without its quiet zone: the templates leave white around it."""
    out = io.BytesIO()
    segno.make(url, error="q").save(
        out, kind="svg", scale=4, border=0, dark="#1F2629", light="#ffffff", nl=False
    )
    return out.getvalue()


def pictures(url: str, cover: str = "lotus-line-gold.svg") -> dict[str, bytes]:
    """The drawings that the templates of this part ask for."""
    return {
        "qr.svg": qr_svg(url),
        "lotus.svg": (MOTIFS / "lotus-line-pale.svg").read_bytes(),
        "cloud.svg": (MOTIFS / "cloud-tile-gold.svg").read_bytes(),
        "cover.svg": (MOTIFS / cover).read_bytes(),
    }


def printable(text: str) -> str:
    """Without emoji and other signs that the fonts of the portal lack, which would print as boxes."""
    lacking = typeset.missing(text)
    return "".join(char for char in text if char not in lacking).strip()


def _data(call: WorkCall) -> dict[str, Any]:
    hosts = [row["name"] for row in call.organisers if row.get("role") == part_word(Part.HOST)]
    return {
        "title": printable(call.title),
        "theme": printable(call.theme),
        "audience": printable(call.audience_text) or str(_("全市家庭，老人孩子都可以参加")),
        "until": str(_("%(day)s 24 时截止")) % {"day": date_format(call.last_day, str(_("Y年n月j日")))},
        "categories": [[category.name, category.hint] for category in categories_of(call)],
        "call_to_act": str(_("扫码投稿")),
        "how": str(_("不用注册，手机收验证码即可；不会上网，带纸质稿到村（社区）妇女之家代录。")),
        "free": str(_("不收取任何费用")) if call.no_fee else "",
        "host": "、".join(hosts) or call.unit.name,
        "contact": printable(call.contact),
        "url": full_url(call.get_absolute_url()),
        "what": str(_("征什么")),
        "who": str(_("谁能参加")),
    }


def poster(call: WorkCall, paper: str) -> bytes:
    """The poster as PDF. Raises typeset.TypesetError."""
    data = {**_data(call), "paper": paper}
    return typeset.pdf("calls/poster.typ", data, pictures=pictures(data["url"]))


def share_picture(call: WorkCall) -> bytes:
    """1200 × 630 PNG for chat apps; kept an hour, because drawing it costs more than reading it."""
    data = {**_data(call), "kicker": str(_("正在征集")) if call.is_open else str(_("征集启事"))}
    words = card(data["title"], data["theme"], data["kicker"], data["until"])
    return kept_picture(f"calls:share:{call.pk}", words, data["url"])


def card(title: str, text: str, kicker: str, foot: str) -> dict[str, Any]:
    """The words of a share picture."""
    return {
        "title": printable(title)[:60] or settings.SITE["name"],
        "text": _opening(printable(text)),
        "kicker": printable(kicker)[:30],
        "foot": printable(foot)[:40],
        "site": settings.SITE["name"],
    }


def _opening(text: str) -> str:
    """The first words of a text in one run, for a place that holds four lines."""
    run = " ".join(text.split())
    return run if len(run) <= OPENING else f"{run[: OPENING - 1]}…"


def kept_picture(key: str, data: dict[str, Any], url: str) -> bytes:
    """A drawn picture from the cache, drawn anew when its words changed."""
    mark = repr(sorted(data.items()))
    found = cache.get(key)
    if found and found[0] == mark:
        return bytes(found[1])
    made = typeset.png("share/card.typ", data, pictures=pictures(url), ppi=96)
    cache.set(key, (mark, made), KEEP_SECONDS)
    return made
