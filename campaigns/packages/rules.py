"""States of a package, limits, and the packages that can be taken over as they are; no database."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

MOST_ITEMS = 12
MOST_NEEDED = 10_000


class Status(TextChoices):
    """DRAFT → OPEN → CLOSED; a closed package can be opened again."""

    DRAFT = "draft", _("编制中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


TONES = {Status.DRAFT: "", Status.OPEN: "ok", Status.CLOSED: "info"}
PUBLIC_STATES = (Status.OPEN, Status.CLOSED)

TRANSITIONS = table(
    Transition(
        name="open",
        sources=frozenset({Status.DRAFT}),
        target=Status.OPEN,
        perm=Perm.PACKAGE_EDIT,
        verb="package.opened",
        label=_("下发"),
    ),
    Transition(
        name="close",
        sources=frozenset({Status.OPEN}),
        target=Status.CLOSED,
        perm=Perm.PACKAGE_EDIT,
        verb="package.closed",
        label=_("结束"),
        needs_reason=True,
    ),
    Transition(
        name="reopen",
        sources=frozenset({Status.CLOSED}),
        target=Status.OPEN,
        perm=Perm.PACKAGE_EDIT,
        verb="package.reopened",
        label=_("重新启动"),
        needs_reason=True,
    ),
)


@dataclass(frozen=True)
class Line:
    """One item of a ready-made package: words and what fulfils it."""

    name: str
    fulfilment: str
    option: str
    needed: int = 1


@dataclass(frozen=True)
class Pattern:
    """A package as a starting point; everything in it can be changed."""

    code: str
    label: Promise
    name: str
    lines: tuple[Line, ...]
    note: Promise | str = ""


ACTIVITY, PLEDGES, NOT_COUNTED = "activities.kind", "pledges.households", "packages.not_counted"
# 七个一 after 鹤城, 四个一 after 后湖 (domain reference §8.4). An item counts the records that are kept of it; where
# there are none yet, it counts nothing and says so: a figure of something else would be wrong.
PATTERNS = {
    "seven": Pattern(
        "seven",
        _("七个一"),
        "“七个一”清廉家庭创建",
        (
            Line("签一份承诺书", PLEDGES, ""),
            Line("一次清廉家访", "visits.households", ""),
            Line("一堂助廉座谈会", ACTIVITY, "symposium"),
            Line("一场作品征集", "works.received", ""),
            Line("一条温馨短信", "pledges.sms", ""),
            Line("评选一批清廉家庭", NOT_COUNTED, ""),
            Line("发一套礼包", "materials.placements", "handed_out"),
        ),
        _(
            "“评选一批清廉家庭”还没有评选记录可计，先标为“暂不计数”；短信按倡议书的发放登记计，礼包按资料发放登记计。"
        ),
    ),
    "four": Pattern(
        "four",
        _("四个一"),
        "“四个一”家庭助廉",
        (
            Line("看一部专题片", "materials.viewings", ""),
            Line("开一次座谈", ACTIVITY, "symposium"),
            Line("签一份承诺", PLEDGES, ""),
            Line("绘一把廉洁扇", ACTIVITY, "craft"),
        ),
    ),
    "six": Pattern(
        "six",
        _("六个一"),
        "青年干部“六个一”家庭助廉",
        (
            Line("一次警示教育", ACTIVITY, "warning"),
            Line("一场家风宣讲", ACTIVITY, "talk"),
            Line("一次经典诵读", ACTIVITY, "reading"),
            Line("一份助廉承诺", PLEDGES, ""),
            Line("一封家庭助廉书信", "works.received", ""),
            Line("一次基地参观", ACTIVITY, "base_visit"),
        ),
        _("来源没有列出六项内容，这里按常见做法给出，请按当地方案修改。"),
    ),
}
