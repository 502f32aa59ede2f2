"""What the journal says about key dates, and who is told."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("node.added", _("添加了节点")),
    Verb("node.edited", _("修改了节点")),
    Verb("node.prepared", _("备好了节点活动")),
    Verb("node.declined", _("说明今年不办")),
    Verb("node.resumed", _("改为还是要办")),
    Verb("reminder.proposed", _("备好了节前提醒草稿")),
    Verb("reminder.written", _("写了节前提醒")),
    Verb("reminder.edited", _("修改了节前提醒")),
    Verb("reminder.submitted", _("提交了节前提醒，等待审批"), tell=Perm.REMINDER_APPROVE),
    Verb("reminder.approved", _("批准了节前提醒"), tell=Perm.REMINDER_EDIT),
    Verb("reminder.returned", _("退回了节前提醒，需要修改"), tell=Perm.REMINDER_EDIT),
    Verb("reminder.cancelled", _("取消了节前提醒")),
    Verb("reminder.finished", _("节前提醒已发完")),
    Verb("reminder.counted", _("登记了节前提醒的数量")),
)
