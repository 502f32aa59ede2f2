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
    "files.discard_expired": _("清理没有提交的上传文件"),
    "files.sweep_orphans": _("清理没有登记的文件"),
    "files.watch_space": _("检查磁盘空间"),
    "notifications.deliver": _("分发消息"),
    "notifications.send": _("发送短信或邮件"),
    "notifications.sweep": _("重新安排中断的发送"),
    "notifications.digest": _("发送每日摘要邮件"),
    "notifications.remind": _("到期提醒"),
    "notifications.purge": _("清理旧消息"),
    "dashboards.rollup": _("更新统计数字"),
    "dashboards.rollup_nightly": _("每晚重算全部统计"),
    "complaints.upkeep": _("来信自动办结和身份清除"),
    "drafts.purge": _("清理过期草稿"),
    "privacy.purge": _("清除到期的个人信息"),
    "publication.expire": _("撤下到期的公开内容"),
    "publication.purge_copies": _("清理已撤下内容的旧副本"),
    "units.apply_changes": _("执行到期的单位变动"),
}


def kind_text(kind: str) -> str:
    """The name of a kind."""
    return str(KIND_WORDS.get(kind, kind))


def result_text(result: object) -> str:
    """What a run did, in one short line: its counts."""
    if not isinstance(result, dict):
        return ""
    return ", ".join(f"{key} {value}" for key, value in result.items() if isinstance(value, int | str))[:80]
