"""Questions: categories, types, states, what makes one complete (domain reference §8.3)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Category(TextChoices):
    """What a question is about; results are told by these topics."""

    DISCIPLINE = "discipline", _("党纪法规")
    FAMILY_EDUCATION = "family_education", _("家庭教育促进法")
    WOMEN = "women", _("妇女权益保障法/反家暴法")
    MARRIAGE = "marriage", _("民法典婚姻家庭编")
    STORIES = "stories", _("家风典故")
    CULTURE = "culture", _("廉洁文化")
    CUSTOMS = "customs", _("移风易俗")
    EIGHT_RULES = "eight_rules", _("中央八项规定精神")


class Kind(TextChoices):
    """How it is answered."""

    SINGLE = "single", _("单选")
    MULTI = "multi", _("多选")
    TRUE_FALSE = "true_false", _("判断")


class Difficulty(IntegerChoices):
    """How hard it is."""

    EASY = 1, _("容易")
    MIDDLE = 2, _("中等")
    HARD = 3, _("较难")


class Status(TextChoices):
    """DRAFT → SUBMITTED → APPROVED → RETIRED; RETURNED with a reason; an edit after approval starts again."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已入库")
    RETIRED = "retired", _("已停用")


STEM_MOST, OPTION_MOST, EXPLANATION_MOST = 300, 100, 600
OPTIONS_LEAST, OPTIONS_MOST = 2, 6
LETTERS = "ABCDEF"
TRUE_FALSE_OPTIONS = ("正确", "错误")
REMIND_DAYS_BEFORE_EXPIRY = 30
EDITABLE = (Status.DRAFT, Status.RETURNED)
TONES = {
    Status.DRAFT: "",
    Status.SUBMITTED: "warn",
    Status.RETURNED: "bad",
    Status.APPROVED: "ok",
    Status.RETIRED: "info",
}
TRANSITIONS = table(
    Transition(
        "submit", frozenset(EDITABLE), Status.SUBMITTED, "question.submitted", _("提交审核"), Perm.QUIZ_EDIT
    ),
    Transition(
        "approve", frozenset({Status.SUBMITTED}), Status.APPROVED, "question.approved", _("审核入库"),
        Perm.QUIZ_REVIEW, not_by=("created_by", "submitted_by"),
    ),
    Transition(
        "send_back", frozenset({Status.SUBMITTED}), Status.RETURNED, "question.returned", _("退回修改"),
        Perm.QUIZ_REVIEW, needs_reason=True,
    ),
    # Whoever changes an approved question has it read again by somebody else.
    Transition(
        "revise", frozenset({Status.SUBMITTED, Status.APPROVED}), Status.DRAFT, "question.revised", _("修改后重新审核"),
        Perm.QUIZ_EDIT,
    ),
    Transition(
        "retire", frozenset({Status.APPROVED}), Status.RETIRED, "question.retired", _("停用"), Perm.QUIZ_EDIT,
        needs_reason=True,
    ),
    Transition("expire", frozenset({Status.APPROVED}), Status.RETIRED, "question.expired", _("到期停用")),
    Transition(
        "restore", frozenset({Status.RETIRED}), Status.DRAFT, "question.restored", _("重新启用（须再审核）"), Perm.QUIZ_EDIT
    ),
)  # fmt: skip


def faults(kind: str, options: Sequence[str], answer: Iterable[int]) -> list[tuple[str, Promise | str]]:
    """(field, sentence) for everything wrong with options and answer; empty when the question can be asked."""
    found: list[tuple[str, Promise | str]] = []
    right = sorted(set(answer))
    if not OPTIONS_LEAST <= len(options) <= OPTIONS_MOST:
        found.append(("options", _("选项要有 2 到 6 个。")))
    if len({option.strip() for option in options}) != len(options):
        found.append(("options", _("有两个选项写得一样，请改一个。")))
    if any(len(option) > OPTION_MOST for option in options):
        found.append(("options", _("每个选项不超过 100 字。")))
    if kind == Kind.TRUE_FALSE and len(options) != len(TRUE_FALSE_OPTIONS):
        found.append(("options", _("判断题只有“正确”“错误”两个选项。")))
    if not right or right[0] < 0 or right[-1] >= len(options):
        found.append(("answer", _("请填正确答案的字母，例如 A；字母要在选项之内。")))
    elif kind != Kind.MULTI and len(right) != 1:
        found.append(("answer", _("单选题和判断题只能有一个正确答案。")))
    elif kind == Kind.MULTI and len(right) < 2:
        found.append(("answer", _("多选题至少有两个正确答案；只有一个请改成单选题。")))
    return found


def read_answer(text: str) -> list[int]:
    """`AC`, `a、c` or `对` → option numbers from 0; raises ValueError for anything else."""
    plain = text.strip().upper()
    if plain in {"对", "正确", "√", "T", "TRUE"}:
        return [0]
    if plain in {"错", "错误", "×", "F", "FALSE"} and plain != "F":
        return [1]
    letters = [char for char in plain if char not in " ,，、;；/"]
    if not letters or any(char not in LETTERS for char in letters):
        raise ValueError(text)
    return sorted({LETTERS.index(char) for char in letters})


def spelled_answer(answer: Iterable[int]) -> str:
    """Option numbers as letters: [0, 2] → AC."""
    return "".join(LETTERS[index] for index in sorted(answer) if 0 <= index < len(LETTERS))


def is_in_force(effective_on: date | None, expires_on: date | None, day: date) -> bool:
    """May it be asked on this day? The day of expiry is the last one."""
    return (effective_on is None or effective_on <= day) and (expires_on is None or day <= expires_on)


def is_right(answer: Any, chosen: Any) -> bool:
    """All right options and no other: a part of a multiple choice earns nothing (domain reference §8.3)."""
    return bool(answer) and set(answer) == set(chosen or [])
