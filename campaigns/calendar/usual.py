"""The usual key dates of a year (domain reference §12). They are data: a unit takes them over and changes them."""

from typing import Any

from campaigns.activities.rules import Kind
from campaigns.calendar.dates import DateKind

CITY_LEVEL, COUNTY_LEVEL = 2, 3
BOTH, COUNTY = [CITY_LEVEL, COUNTY_LEVEL], [COUNTY_LEVEL]
NOBODY: list[int] = []


def _node(name: str, rule: str, levels: list[int], **fields: Any) -> dict[str, Any]:
    return {"name": name, "rule": rule, "levels": levels, **fields}


def _fixed(name: str, month: int, day: int, levels: list[int], **fields: Any) -> dict[str, Any]:
    return _node(name, DateKind.FIXED, levels, month=month, day=day, **fields)


def _lunar(name: str, month: int, day: int, levels: list[int], **fields: Any) -> dict[str, Any]:
    return _node(name, DateKind.LUNAR, levels, month=month, day=day, **fields)


USUAL: list[dict[str, Any]] = [
    _fixed("元旦", 1, 1, COUNTY, days_before=40, with_reminder=True, activity_kind=Kind.INITIATIVE,
           title="“廉洁过元旦”家庭助廉倡议", about="节前发廉洁提醒。"),
    _lunar("春节", 1, 1, COUNTY, aliases=["春节前", "过年"], with_reminder=True, activity_kind=Kind.INITIATIVE,
           title="春节前发放家庭助廉倡议书", about="节前发廉洁提醒、倡议书。"),
    _lunar("元宵节", 1, 15, NOBODY, aliases=["元宵"]),
    _fixed("学雷锋纪念日", 3, 5, NOBODY, activity_kind=Kind.VOLUNTEER),
    _fixed("国际妇女节", 3, 8, BOTH, aliases=["三八", "妇女节", "三八节"], activity_kind=Kind.SHOW,
           title="“三八”清廉家庭主题活动", about="三八维权周 3 月 1 日至 8 日；廉内助、最美家庭揭晓。"),
    _node("清明节", DateKind.SOLAR_TERM, COUNTY, term="清明", aliases=["清明"], with_reminder=True,
          activity_kind=Kind.THEME, title="文明祭扫、传承家风主题活动"),
    _fixed("全民国家安全教育日", 4, 15, NOBODY),
    _fixed("世界读书日", 4, 23, COUNTY, aliases=["读书日"], activity_kind=Kind.READING,
           title="“书香润家风”亲子诵读活动", about="吟诵、阅读类活动。"),
    _fixed("劳动节", 5, 1, COUNTY, aliases=["五一"], with_reminder=True, activity_kind=Kind.INITIATIVE,
           title="发出家庭助廉倡议书"),
    _node("母亲节", DateKind.NTH_WEEKDAY, NOBODY, month=5, nth=2, weekday=7, activity_kind=Kind.PARENT_CHILD),
    _node("全国家庭教育宣传周", DateKind.WEEK_OF, BOTH, month=5, day=15, aliases=["家教宣传周", "家庭教育宣传周", "国际家庭日"],
          activity_kind=Kind.TALK, title="全国家庭教育宣传周家风宣讲", about="5 月 15 日国际家庭日所在的一周（家庭教育促进法第十三条）；最美家庭发布。"),
    _fixed("儿童节", 6, 1, COUNTY, aliases=["六一"], activity_kind=Kind.PARENT_CHILD, title="“六一”廉洁亲子活动"),
    _lunar("端午节", 5, 5, COUNTY, aliases=["端午"], with_reminder=True, activity_kind=Kind.CRAFT,
           title="“粽香传廉”手作活动"),
    _node("父亲节", DateKind.NTH_WEEKDAY, NOBODY, month=6, nth=3, weekday=7),
    _fixed("国际禁毒日", 6, 26, NOBODY),
    _fixed("建党节", 7, 1, NOBODY, aliases=["七一"]),
    _fixed("建军节", 8, 1, NOBODY, aliases=["八一"], about="拥军活动。"),
    _node("升学季", DateKind.PERIOD, COUNTY, month=8, day=1, until_month=9, until_day=10, aliases=["谢师宴", "升学宴"],
          with_reminder=True, activity_kind=Kind.INITIATIVE, title="文明办升学宴、拒绝谢师宴倡议"),
    _lunar("七夕节", 7, 7, NOBODY, aliases=["七夕"]),
    _fixed("教师节", 9, 10, NOBODY),
    _lunar("中秋节", 8, 15, COUNTY, aliases=["中秋"], with_reminder=True, activity_kind=Kind.INITIATIVE,
           title="中秋节前家庭助廉提醒"),
    _fixed("国庆节", 10, 1, COUNTY, aliases=["国庆"], with_reminder=True, activity_kind=Kind.THEME,
           title="国庆清廉家庭主题活动"),
    _lunar("重阳节", 9, 9, NOBODY, aliases=["重阳"]),
    _fixed("国际消除家庭暴力日", 11, 25, COUNTY, aliases=["反家暴日"], activity_kind=Kind.TALK,
           title="反家庭暴力法和清廉家风宣讲", about="个案请打 12338、110，本站不登记个案。"),
    _fixed("世界艾滋病日", 12, 1, NOBODY),
    _fixed("国家宪法日", 12, 4, COUNTY, aliases=["宪法日"], activity_kind=Kind.THEME, title="宪法进万家主题宣传"),
    _fixed("国际志愿者日", 12, 5, NOBODY, activity_kind=Kind.VOLUNTEER),
    _fixed("国际反腐败日", 12, 9, BOTH, aliases=["反腐败日"], activity_kind=Kind.WARNING,
           title="“算好廉洁账”家庭警示教育"),
    _node("党风廉政建设宣教月", DateKind.PERIOD, NOBODY, month=7, day=1, until_month=7, until_day=31,
          aliases=["宣教月"], is_active=False, activity_kind=Kind.WARNING,
          about="月份由省里确定，确定后改日期并启用。警示教育大会、参观、测试。"),
]  # fmt: skip
