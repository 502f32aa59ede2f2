"""States of the publish gate, its table, the checklist, and the digest. No database."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Status(TextChoices):
    """REQUESTED → EDITED → [CHECKED] → PUBLISHED; RETURNED, TAKEN_DOWN and EXPIRED are ends."""

    REQUESTED = "requested", _("待初审")
    EDITED = "edited", _("初审已通过")
    CHECKED = "checked", _("审核已通过")
    PUBLISHED = "published", _("已发布")
    RETURNED = "returned", _("已退回")
    TAKEN_DOWN = "taken_down", _("已撤下")
    EXPIRED = "expired", _("已到期")


UNDER_REVIEW = (Status.REQUESTED, Status.EDITED, Status.CHECKED)
OPEN = (*UNDER_REVIEW, Status.PUBLISHED)
TONES = {
    Status.REQUESTED: "warn",
    Status.EDITED: "warn",
    Status.CHECKED: "warn",
    Status.PUBLISHED: "ok",
    Status.RETURNED: "bad",
    Status.TAKEN_DOWN: "bad",
    Status.EXPIRED: "",
}
# The public copy of what stood on the page is kept this long after it left (law: 60 days at least).
KEEP_COPIES_DAYS = 180
WAITING_TOO_LONG_WORKDAYS = 3

_R, _E, _C, _P = Status.REQUESTED, Status.EDITED, Status.CHECKED, Status.PUBLISHED
TRANSITIONS = table(
    Transition(
        "edit2",
        frozenset({_R}),
        _E,
        "publication.edited",
        _("初审通过"),
        Perm.CONTENT_EDIT,
        not_by=("requested_by",),
    ),
    Transition(
        "edit3",
        frozenset({_R}),
        _E,
        "publication.first_read",
        _("初审通过"),
        Perm.CONTENT_EDIT,
        not_by=("requested_by",),
    ),
    Transition(
        "check3",
        frozenset({_E}),
        _C,
        "publication.checked",
        _("审核通过"),
        Perm.CONTENT_CHECK,
        not_by=("requested_by", "edited_by"),
    ),
    Transition(
        "publish2",
        frozenset({_E}),
        _P,
        "publication.published",
        _("审发：发布"),
        Perm.CONTENT_PUBLISH,
        not_by=("requested_by", "edited_by"),
    ),
    Transition(
        "publish3",
        frozenset({_C}),
        _P,
        "publication.published",
        _("审发：发布"),
        Perm.CONTENT_PUBLISH,
        not_by=("requested_by", "edited_by", "checked_by"),
    ),
    Transition(
        "return_edit",
        frozenset({_R}),
        Status.RETURNED,
        "publication.returned",
        _("退回"),
        Perm.CONTENT_EDIT,
        True,
    ),
    Transition(
        "return_check3",
        frozenset({_E}),
        Status.RETURNED,
        "publication.returned",
        _("退回"),
        Perm.CONTENT_CHECK,
        True,
    ),
    Transition(
        "return_publish2",
        frozenset({_E}),
        Status.RETURNED,
        "publication.returned",
        _("退回"),
        Perm.CONTENT_PUBLISH,
        True,
    ),
    Transition(
        "return_publish3",
        frozenset({_C}),
        Status.RETURNED,
        "publication.returned",
        _("退回"),
        Perm.CONTENT_PUBLISH,
        True,
    ),
    Transition(
        "take_down",
        frozenset({_P}),
        Status.TAKEN_DOWN,
        "publication.taken_down",
        _("撤下"),
        Perm.CONTENT_TAKE_DOWN,
        True,
    ),
    # Steps without a permission: the action lets in whom it knows (author, owner of the data, the portal).
    Transition("withdraw", frozenset({_R, _E, _C}), Status.RETURNED, "publication.withdrawn", _("撤回送审")),
    Transition(
        "owner_take_down", frozenset({_P}), Status.TAKEN_DOWN, "publication.owner_withdrew", _("本人撤下")
    ),
    Transition("restart", frozenset({_E, _C, _P}), _R, "publication.restarted", _("内容有改动，重新送审")),
    Transition("expire", frozenset({_P}), Status.EXPIRED, "publication.expired", _("到期撤下")),
)
_ANY_LEVEL = {"return_edit", "take_down", "withdraw", "owner_take_down", "restart", "expire"}


def steps_of(levels: int) -> set[str]:
    """The names of the steps that content with this many levels knows."""
    return {name for name in TRANSITIONS if name in _ANY_LEVEL or name.endswith(str(levels))}


def is_pass(name: str) -> bool:
    """Does this step bring the content one level further?"""
    return name.startswith(("edit", "check", "publish"))


def is_return(name: str) -> bool:
    """Does this step send the content back?"""
    return name.startswith("return_")


# Domain reference §9.4. The words say what a reader looks for.
CHECKLIST = {
    "politics": _("政治导向正确，表述规范"),
    "facts": _("时间、地点、单位、数据属实"),
    "words": _("没有错别字、错敏词"),
    "leaders": _("领导人姓名、职务、排序准确"),
    "emblems": _("国旗、国徽、党徽、地图使用规范"),
    "privacy": _("人像、隐私、未成年人信息已处理并有授权"),
    "copyright": _("文字、图片有版权或授权，转载注明来源"),
    "secrets": _("不涉密，不含工作秘密"),
    "links": _("链接有效，指向可信网站"),
}


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """A fingerprint of what is shown; the order of keys does not matter."""
    body = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def texts_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Every piece of text in a snapshot, by the name of its place."""
    found = {name: str(snapshot.get(name) or "") for name in ("title", "author", "place", "text")}
    for kind in ("facts", "more_text"):
        for number, (label, value) in enumerate(snapshot.get(kind) or []):
            found[f"{kind}.{number}"] = f"{label}：{value}" if kind == "facts" else str(value)
    for number, photo in enumerate(snapshot.get("photos") or []):
        found[f"photos.{number}"] = str(photo.get("alt") or "")
    for number, document in enumerate(snapshot.get("documents") or []):
        found[f"documents.{number}"] = str(document.get("name") or "")
    return {name: text for name, text in found.items() if text}
