"""What kinds of jobs are called on pages. Slices add their own; an unknown kind shows its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_WORDS: dict[str, str | Promise] = {
    "jobs.purge": _("清理旧任务和结果文件"),
    "journal.seal": _("操作记录加封"),
    "journal.verify": _("核对操作记录"),
    "accounts.disable_unused": _("停用久未登录的账号"),
    "accounts.purge": _("清理验证码和设备记录"),
    "grants.warn_ending": _("提醒即将到期的任期"),
    "grants.end_terms": _("停用任期已满的账号"),
    "listing.export": _("导出列表"),
    "files.process": _("处理上传的文件"),
}


def kind_text(kind: str) -> str:
    """The name of a kind."""
    return str(KIND_WORDS.get(kind, kind))
