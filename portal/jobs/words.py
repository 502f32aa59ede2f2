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
    "files.lighten": _("给大视频做省流量的播放版本"),
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
    "dashboards.rollup_units": _("单位变动后重算统计"),
    "dashboards.rollup_nightly": _("每晚重算全部统计"),
    "complaints.upkeep": _("来信自动办结和身份清除"),
    "drafts.purge": _("清理过期草稿"),
    "privacy.purge": _("清除到期的个人信息"),
    "publication.expire": _("撤下到期的公开内容"),
    "publication.purge_copies": _("清理已撤下内容的旧副本"),
    "search.compare": _("核对作品的检索目录"),
    "units.apply_changes": _("执行到期的单位变动"),
}

# What runs count. Slices add words for keys of their own; an unknown key shows its code.
RESULT_WORDS: dict[str, str | Promise] = {
    "applied": _("已执行"),
    "as_it_is": _("原样就能播放"),
    "attempts": _("登录失败记录"),
    "brought_back": _("重新安排"),
    "closed": _("办结"),
    "codes": _("验证码"),
    "created": _("新增"),
    "deleted": _("删除"),
    "devices": _("设备"),
    "different": _("改正"),
    "digests": _("摘要邮件"),
    "disabled": _("停用"),
    "drafts": _("草稿"),
    "dropped": _("清理"),
    "erased": _("抹去身份"),
    "expired": _("到期"),
    "failed": _("失败"),
    "files": _("文件"),
    "leftover": _("去掉多余的"),
    "lighter": _("做了播放版本"),
    "messages": _("消息"),
    "missing": _("补上"),
    "months": _("统计月份"),
    "outgoing": _("发件"),
    "people": _("人"),
    "removed": _("清理"),
    "reminders": _("提醒"),
    "resumed": _("继续处理"),
    "rounds": _("批次"),
    "rows": _("行"),
    "sealed": _("加封"),
    "told": _("通知"),
    "used_percent": _("已用百分比"),
    "waiting": _("等待处理"),
    "warned": _("提醒"),
    "works": _("作品"),
    "written": _("写出提醒"),
}


def kind_text(kind: str) -> str:
    """The name of a kind."""
    return str(KIND_WORDS.get(kind, kind))


def result_text(result: object) -> str:
    """What a run did, in one short line: its counts in words, without those that are nought. −1 means it broke."""
    if not isinstance(result, dict):
        return ""
    counts = {key: value for key, value in result.items() if isinstance(value, int)}
    found = [
        f"{RESULT_WORDS.get(key, key)} {value if value >= 0 else _('出错')}"
        for key, value in counts.items()
        if value
    ]
    return "；".join(found) if found else str(_("没有要处理的")) if counts else ""
