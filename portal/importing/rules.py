"""States, choices and limits of imports; no database."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """READ → APPLYING → APPLIED → UNDOING → UNDONE."""

    READ = "read", _("待确认")
    APPLYING = "applying", _("写入中")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")


class Verdict(TextChoices):
    """What the check found about one row."""

    NEW = "new", _("新记录")
    SAME = "same", _("已有，内容相同")
    KNOWN = "known", _("可能重复")
    WRONG = "wrong", _("有错误")


class Choice(TextChoices):
    """What a person wants done with one row; empty while a wrong row waits for a decision."""

    NEW = "new", _("作为新记录")
    UPDATE = "update", _("更新已有记录")
    SKIP = "skip", _("跳过")


class RowState(TextChoices):
    """How far one row is."""

    WAITING = "waiting", _("未写入")
    CREATED = "created", _("已新增")
    UPDATED = "updated", _("已更新")
    FAILED = "failed", _("没有写入")
    UNDONE = "undone", _("已撤销")
    KEPT = "kept", _("不能撤销")


TONES = {Verdict.NEW: "ok", Verdict.SAME: "info", Verdict.KNOWN: "warn", Verdict.WRONG: "bad"}
ROW_TONES = {
    RowState.CREATED: "ok", RowState.UPDATED: "info", RowState.FAILED: "bad", RowState.UNDONE: "",
    RowState.KEPT: "warn", RowState.WAITING: "",
}  # fmt: skip
WRITTEN = (RowState.CREATED, RowState.UPDATED)
# A whole import can be taken back for this long after it was written (issue part 11).
UNDO_FOR = timedelta(days=7)
# Tables nobody confirmed are deleted after this time; the rows of undoable imports stay as long as the undo.
KEPT_FOR = timedelta(days=7)
PAGE = 50
BLANK: tuple[object, ...] = (None, "", [], {})


class Refused(Exception):
    """A row or an import that cannot be written or taken back; `message` says why in plain words."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__(str(message))
        self.message = message


def presets(verdict: str, *, differs: bool, may_update: bool, sure: bool) -> str:
    """The choice a row arrives with: new ones are written; a sure match with other content is updated; what
    is only similar, or equal already, is left out; a wrong row waits for the person."""
    if verdict == Verdict.WRONG:
        return ""
    if verdict == Verdict.NEW:
        return Choice.NEW
    return Choice.UPDATE if sure and differs and may_update else Choice.SKIP
