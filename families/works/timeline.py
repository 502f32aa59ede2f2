"""A work's way in the words of its author, and its values as a form begins with them."""

from typing import Any

from django.utils.translation import gettext as _

from families.works import queries, spoken
from families.works.models import Work
from families.works.naming import instructors_of
from families.works.rules import (
    AUTHOR_FIELDS,
    UNDER_JUDGING,
    WORK_TRANSITIONS,
    PublishState,
    Status,
    numbered,
)
from portal.privacy.queries import open_consent
from portal.privacy.rules import ConsentType
from portal.reviews.queries import history_of
from portal.units.models import Level, Unit


def entries_of(work: Work) -> list[dict[str, Any]]:
    """For the timeline component; staff are not named to families."""
    words = {
        Status.SUBMITTED: (_("已收到，等待初核"), "ok"),
        Status.CONTENT_REVIEW: (_("初核通过，内容审核中"), "ok"),
        Status.ACCEPTED: (_("已入选"), "ok"),
        Status.RETURNED: (_("退回修改"), "warn"),
        Status.REJECTED: (_("未采用"), "bad"),
        Status.WITHDRAWN: (_("您已撤回"), ""),
        Status.AWARDED: (_("评审结果已公布：获奖"), "ok"),
        Status.NOT_AWARDED: (_("评审结果已公布：未获奖，感谢参与"), ""),
        Status.PRIVATE: (_("已保存，只给收信人看，不经工作人员"), "ok"),
    }
    found: list[dict[str, Any]] = []
    judging = False
    for row in history_of(work):
        if row.after in UNDER_JUDGING:  # one line for all of it: how far it came is told with the results
            if not judging:
                found.append({"title": _("进入评审"), "at": row.at, "note": "", "tone": "now"})
            judging = True
            continue
        judging = False  # taken back, put back and judged anew: a line of its own
        title, tone = words.get(Status(row.after), (row.after, ""))
        found.append({"title": title, "at": row.at, "note": row.reason, "tone": tone})
    if work.published_at:
        found.append({"title": _("公开展示"), "at": work.published_at, "tone": "ok"})
    if work.publish_state == PublishState.TAKEN_DOWN:
        found.append(
            {
                "title": _("公开页面已撤下"),
                "at": work.taken_down_at,
                "note": work.taken_down_note,
                "tone": "bad",
            }
        )
    return sorted(found, key=lambda entry: entry["at"])


def meaning_of(work: Work) -> str:
    """What the state means for the family, and what it can do now."""
    if work.status in UNDER_JUDGING:
        return _("评委正在打分，他们看不到作者是谁。结果公布后短信告诉您；这时不能修改，可以撤回。")
    words = {
        Status.DRAFT: _("还没有提交，可以接着写。"),
        Status.SUBMITTED: _("工作人员正在核对内容和授权。这时还可以修改、撤回。"),
        Status.CONTENT_REVIEW: _(
            "内容由另外的工作人员审核，通过或退回都会短信告诉您。这时不能修改，可以撤回。"
        ),
        Status.ACCEPTED: _("作品入选了，谢谢您分享家风。想改谁能看到、撤回公开，随时可以。"),
        Status.RETURNED: _("请按退回的理由修改，再提交一次；您原来写的都在。"),
        Status.REJECTED: _("这次没有采用，谢谢您参与。这件作品 6 个月后自动删除，您也可以现在就删除。"),
        Status.WITHDRAWN: _("作品已退出征集，没有人再审它。6 个月后自动删除，您也可以现在就删除。"),
        Status.AWARDED: _("祝贺获奖！奖项写在下面。"),
        Status.NOT_AWARDED: _("这次没有获奖，谢谢您分享家风。作品仍然保留。"),
        Status.PRIVATE: _("只有您和收信人看得到，没有工作人员能打开。可以修改，也可以改给更多的人看。"),
    }
    return str(words.get(Status(work.status), ""))


def last_reason(work: Work) -> str:
    """Why it was sent back the last time."""
    return next((row.reason for row in history_of(work).reverse() if row.after == Status.RETURNED), "")


def initial_of(work: Work) -> dict[str, Any]:
    """Values for the form. Consents in force arrive ticked: they were given for this work."""
    is_village = work.unit.level == Level.VILLAGE
    parent = Unit.objects.get_parent(work.unit) if is_village else work.unit
    return {
        "category": work.category.code, "title": work.title, "text": work.text, "story": work.story, "origin": work.origin,
        **author_values(work),
        "area": parent.unit_no if parent else "", "village": work.unit.short_name if is_village else "",
        "guardian_name": work.guardian_name, "guardian_phone": work.guardian_phone, "audience": work.audience,
        "licence": work.licence, "consent_processing": open_consent(work, ConsentType.PROCESSING) is not None,
        "consent_publication": open_consent(work, ConsentType.PUBLICATION) is not None,
        "consent_guardian": open_consent(work, ConsentType.GUARDIAN) is not None,
        "captions": spoken.captions_text_of(queries.media_of(work)),
        **{f"x_{name}": value for name, value in work.extra.items()},
    }  # fmt: skip


def author_values(work: Work) -> dict[str, Any]:
    """The people of a work under the names of the form's fields."""
    found: dict[str, Any] = {"household": work.household, "household_agreed": work.household_agreed}
    for number, author in enumerate(work.authors.all(), 1):
        for name in AUTHOR_FIELDS:
            found[numbered(name, number)] = getattr(author, "name" if name == "author_name" else name)
    for number, name in enumerate(instructors_of(work), 1):
        found[numbered("instructor", number)] = name
    return found


def staff_entries_of(work: Work) -> list[dict[str, Any]]:
    """For reviewers: every step with who took it."""
    return [
        {
            "title": WORK_TRANSITIONS[row.step].label if row.step in WORK_TRANSITIONS else row.step,
            "at": row.at,
            "by": row.by.display_name if row.by else _("作者"),
            "note": row.reason,
            "tone": {
                Status.RETURNED: "warn",
                Status.REJECTED: "bad",
                Status.ACCEPTED: "ok",
                Status.AWARDED: "ok",
            }.get(Status(row.after), ""),
        }
        for row in history_of(work)
    ]
