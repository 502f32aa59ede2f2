"""Names of divisions and units: short names people say, and the text a search looks through."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from portal.units.models import Level

# 虚拟 villages and the four words that stand where a level is missing (data notes 4).
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

_COMMUNITY = re.compile(r"(居民)?社区(居民)?(管理)?(居委会|居民委员会|居民委会|委员会|居委|委会)$")
_VILLAGE = re.compile(r"(村民|和民)?(村委会|村民委员会|委员会|委会|村委)$")
_RESIDENTS = re.compile(r"(居民委员会|居委会)$")
_STANDS_ALONE = ("村", "嘎查", "社区")
_PEOPLES = (
    "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族",
    "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族",
    "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族",
    "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族",
    "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族",
    "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族",
    "各族", "维吾尔", "哈萨克", "蒙古", "柯尔克孜", "塔吉克", "锡伯",
)  # fmt: skip
_AUTONOMOUS = re.compile(r"^(?P<stem>.+?)自治(?P<end>[区州县旗])$")
# Family names that are read differently as names of people – and of the villages called after them.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "任": "ren", "华": "hua", "查": "zha", "朴": "piao",
    "尉": "yu", "区": "ou", "盖": "ge", "缪": "miao", "员": "yun", "乐": "yue", "黑": "he", "种": "chong",
    "秘": "bi", "繁": "po", "翟": "zhai", "覃": "qin", "召": "shao", "燕": "yan", "宿": "su", "洗": "xian",
}  # fmt: skip
_AFTER_SURNAME = frozenset("家庄村氏集营屯寨沟垴洼岭坪")


def is_placeholder(name: str, level: int) -> bool:
    """A row that only fills a gap in the code table."""
    return "虚拟" in name or (level == Level.CITY and name in PLACEHOLDERS)


def short_name(name: str, level: int) -> str:
    """The name people say: 河坡村委会 → 河坡村, 玉屏侗族自治县 → 玉屏县."""
    if level == Level.VILLAGE:
        return _village(name)
    found = _AUTONOMOUS.match(name)
    if found is None:
        return name
    stem, end = found["stem"], found["end"]
    plain = _without_peoples(stem) or stem.removesuffix("族")
    return plain if end == "区" and level == Level.PROVINCE else plain + end


def _without_peoples(stem: str) -> str:
    """`stem` without the peoples named at its end; a place named after its people keeps the word."""
    changed = True
    while changed:
        changed = False
        for people in _PEOPLES:
            if stem.endswith(people) and len(stem) > len(people) + 1:
                stem, changed = stem.removesuffix(people), True
    return stem if stem not in _PEOPLES else stem.removesuffix("族")


def _village(name: str) -> str:
    if _COMMUNITY.search(name):
        stem = _COMMUNITY.sub("", name)
        return f"{stem}社区" if stem else name
    if _RESIDENTS.search(name):
        return _RESIDENTS.sub("居委会", name)
    found = _VILLAGE.search(name)
    stem = name[: found.start()] if found else ""
    if found is None or not stem:
        return name
    if stem.endswith(_STANDS_ALONE):
        return stem
    return f"{stem}村" if found[0].startswith("村") else name  # 家委会, 牧委会: no 村 is meant


def unit_name(name: str, level: int) -> str:
    """The federation's full name for a division."""
    return f"{short_name(name, level) if level == Level.VILLAGE else name}妇联"


def _letters(other: str) -> Any:
    """What has no reading stands for itself, letter by letter."""
    return list(other)


@lru_cache(maxsize=20_000)
def _readings(text: str) -> tuple[str, ...]:
    """Initials and full pinyin; also with the surname reading where the name begins with one."""
    from pypinyin import lazy_pinyin  # deferred: 0.3 s to load

    syllables = lazy_pinyin(text, errors=_letters)
    found = ["".join(one[:1] for one in syllables), "".join(syllables)]
    other = _SURNAMES.get(text[:1])
    if other and text[1:2] in _AFTER_SURNAME and syllables and syllables[0] != other:
        syllables = [other, *syllables[1:]]
        found += ["".join(one[:1] for one in syllables), "".join(syllables)]
    return tuple(found)


def search_text(names: Iterable[str]) -> str:
    """What a unit is found by: its names and their pinyin, each after a space (see `queries.search`)."""
    words: list[str] = []
    for name in dict.fromkeys(name for name in names if name):
        words += [name, *_readings(name)]
    return " " + " ".join(dict.fromkeys(words)).lower()
