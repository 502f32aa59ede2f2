"""What the journal says about tasks and quotas. Who is told is decided by the actions: an addressed unit's
people and the issuing unit's people stand at different units, which one permission at one unit cannot say."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("task.drafted", _("起草了任务")),
    Verb("task.edited", _("修改了任务草稿")),
    Verb("task.issued", _("下达了任务")),
    Verb("task.recalled", _("撤回了任务")),
    Verb("task.recalled_with", _("随上级任务撤回了任务")),
    Verb("task.closed", _("归档了任务")),
    Verb("task.discarded", _("弃用了任务草稿")),
    Verb("task.due_changed", _("调整了任务期限")),
    Verb("task_copy.received", _("签收了任务")),
    Verb("task_copy.started", _("开始办理任务")),
    Verb("task_copy.answered", _("填写了任务完成情况")),
    Verb("task_copy.evidence_removed", _("去掉了任务的佐证")),
    Verb("task_copy.people_set", _("明确了任务责任人")),
    Verb("task_copy.done", _("报告任务完成")),
    Verb("task_copy.checked", _("检查通过了任务")),
    Verb("task_copy.returned", _("退回了任务")),
    Verb("task_copy.na_asked", _("申请任务不适用")),
    Verb("task_copy.na_accepted", _("认可任务不适用")),
    Verb("task_copy.na_refused", _("没有认可任务不适用")),
    Verb("task_copy.reminded", _("提醒了任务")),
    Verb("quota.created", _("分配了名额")),
    Verb("quota.split", _("分解了名额")),
    Verb("quota.entry_added", _("登记了名额")),
    Verb("quota.entry_removed", _("去掉了名额登记")),
)
