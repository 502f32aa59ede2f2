"""The categories of domain reference §3.2, as data; `actions.calls.ensure_categories` writes them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_OPEN = ["organisation", "anonymous", "public"]
# Letters, messages and mottos may be meant for one person only (domain reference §3.2).
_LETTER = ["only_recipient", *_OPEN]

# Declared fields: {"name", "label", "kind": text|long|choice|url, "choices", "max", "required", "help",
# "required_if": [name of another declared field, [values]]}.
_DIRECTION = {
    "name": "direction",
    "label": _("写给谁"),
    "kind": "choice",
    "required": True,
    "choices": [
        ("parent_to_child", _("父母写给子女")),
        ("child_to_parent", _("子女写给父母")),
        ("spouse", _("夫妻之间")),
        ("other_kin", _("其他亲人")),
    ],
}
_SCRIPT = {
    "name": "script", "label": _("书体"), "kind": "choice", "required": True,
    "choices": [
        ("regular", _("楷书")), ("running", _("行书")), ("clerical", _("隶书")), ("cursive", _("草书")),
        ("seal", _("篆书")), ("pen", _("硬笔")),
    ],
}  # fmt: skip
_TRANSCRIPT = {
    "name": "transcript", "label": _("释文"), "kind": "long", "max": 300, "help": _("草书、篆书必填。"),
    "required_if": ["script", ["cursive", "seal"]],
}  # fmt: skip
_WORDS = {"name": "transcript", "label": _("文字稿（给听不见的人看）"), "kind": "long", "max": 3000}
_SIZE = {"name": "size", "label": _("作品尺寸(厘米)"), "kind": "text", "max": 30}
_LINK = {
    "name": "link", "label": _("录音或视频的链接"), "kind": "url", "max": 300, "required": True,
    "help": _("先把录音或视频放到能公开打开的网页或视频号，再把网址贴到这里。"),
}  # fmt: skip
_LINK_OR_TEXT = {**_LINK, "required": False}
STATEMENT = {
    "name": "statement", "label": _("创作体会"), "kind": "long", "max": 300,
    "help": _("为什么做、怎么做的、想对家里人说什么；会和作品一起展出，可以不填。"),
}  # fmt: skip
_BACKGROUND = {"name": "background", "label": _("产生的背景"), "kind": "long", "max": 150}
_EFFECT = {"name": "effect", "label": _("对家里人的影响"), "kind": "long", "max": 150}

CATEGORIES: list[dict[str, Any]] = [
    {
        "code": "MOTTO", "name": _("家规家训"), "hint": _("不超过 50 字，写下它背后的故事"), "cover": "cover-rules.svg",
        "text_label": _("家规家训"), "text_max": 50, "story_max": 300, "photos_max": 3, "per_person": 3,
        "fields": [_BACKGROUND, _EFFECT], "audiences": _LETTER,
    },
    {
        "code": "FAMILY_STORY", "name": _("家风故事"), "hint": _("800–2000 字，可配 4 张照片"), "cover": "cover-read.svg",
        "text_label": _("故事"), "text_min": 800, "text_max": 2000, "photos_max": 4, "per_person": 3,
    },
    {
        "code": "FAMILY_LETTER", "name": _("廉洁家书"), "hint": _("300–1500 字，或手写信拍照"), "cover": "cover-letter.svg",
        "text_label": _("信"), "text_min": 300, "text_max": 1500, "photos_max": 5, "per_person": 2, "fields": [_DIRECTION],
        "audiences": _LETTER,
    },
    {
        "code": "CLEAN_MESSAGE", "name": _("亲情寄语"), "hint": _("不超过 60 字，可做桌签"), "cover": "cover-hands.svg",
        "text_label": _("寄语"), "text_max": 60, "photos_max": 1, "per_person": 1, "audiences": _LETTER,
        "fields": [
            {"name": "to_name", "label": _("写给(称呼)"), "kind": "text", "max": 20},
            {"name": "relation", "label": _("您是TA的"), "kind": "text", "max": 20},
        ],
    },
    {
        "code": "RECITATION", "name": _("经典诵读"), "hint": _("5 分钟以内的录音或视频"), "cover": "cover-voice.svg", "per_person": 2,
        "media": ["audio", "video"], "media_max": 1, "fields": [_LINK_OR_TEXT, _WORDS, STATEMENT],
    },
    {
        "code": "CALLIGRAPHY", "name": _("书法"), "hint": _("拍清楚整幅作品，草、篆附释文"), "cover": "cover-paint.svg",
        "photos_min": 1, "photos_max": 3, "per_person": 2, "fields": [_SCRIPT, _TRANSCRIPT, _SIZE, STATEMENT],
    },
    {
        "code": "PAINTING", "name": _("绘画"), "hint": _("国画、油画、水彩、漫画、儿童画"), "cover": "cover-paint.svg",
        "photos_min": 1, "photos_max": 3, "per_person": 2, "fields": [_SIZE, STATEMENT],
    },
    {
        "code": "PHOTO", "name": _("摄影"), "hint": _("单幅或一组不超过 5 张"), "cover": "cover-court.svg",
        "text_label": _("说明"), "text_max": 100, "photos_min": 1, "photos_max": 5, "per_person": 3, "fields": [STATEMENT],
    },
    {
        "code": "PAPERCUT", "name": _("剪纸"), "hint": _("多角度拍 1–3 张"), "cover": "cover-paper.svg",
        "photos_min": 1, "photos_max": 3, "per_person": 2, "fields": [STATEMENT],
    },
    {
        "code": "DOUGH", "name": _("面塑"), "hint": _("多角度拍 1–3 张"), "cover": "cover-paper.svg",
        "photos_min": 1, "photos_max": 3, "per_person": 2, "fields": [STATEMENT],
    },
    {
        "code": "CRAFT", "name": _("手工、刺绣、瓷画"), "hint": _("多角度拍 1–5 张"), "cover": "cover-paper.svg",
        "photos_min": 1, "photos_max": 5, "per_person": 2, "fields": [_SIZE, STATEMENT],
    },
    {
        "code": "SHORT_VIDEO", "name": _("短视频"), "hint": _("5 分钟以内，横屏，720P 以上"), "cover": "cover-video.svg", "per_person": 2,
        "media": ["video"], "media_max": 1, "media_least": [1280, 720], "fields": [_LINK_OR_TEXT, _WORDS, STATEMENT],
    },
    {
        "code": "STAGE", "name": _("诗歌戏曲小品"), "hint": _("剧本或视频"), "cover": "cover-talk.svg",
        "text_label": _("剧本"), "text_max": 3000, "per_person": 2, "media": ["audio", "video"], "media_max": 1, "fields": [_LINK_OR_TEXT, _WORDS, STATEMENT],
    },
    {
        "code": "SONG", "name": _("歌曲"), "hint": _("歌词或录音，署名词曲作者"), "cover": "cover-voice.svg",
        "text_label": _("歌词"), "text_max": 1000, "per_person": 2, "media": ["audio", "video"], "media_max": 1, "fields": [_LINK_OR_TEXT, STATEMENT],
    },
    {
        "code": "POSTER", "name": _("公益海报"), "hint": _("JPG 或 PNG，20 MB 以内"), "cover": "cover-paper.svg",
        "photos_min": 1, "photos_max": 1, "per_person": 2, "fields": [STATEMENT],
    },
]  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "text_label": "", "text_min": 0, "text_max": 0, "story_max": 0, "photos_min": 0, "photos_max": 0, "fields": [],
    "media": [], "media_max": 0, "media_least": [],
    "audiences": _OPEN,
}  # fmt: skip

# 讲家风故事、晒家庭照片、演家庭节目、拍家庭视频: four ways to take part, each with its categories.
MODES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "tell": (_("讲"), ("MOTTO", "FAMILY_STORY", "FAMILY_LETTER", "CLEAN_MESSAGE")),
    "show": (_("晒"), ("PHOTO", "CALLIGRAPHY", "PAINTING", "PAPERCUT", "DOUGH", "CRAFT", "POSTER")),
    "play": (_("演"), ("RECITATION", "STAGE", "SONG")),
    "film": (_("拍"), ("SHORT_VIDEO",)),
}  # fmt: skip
