"""What the journal says about messages."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("outgoing.failed", _("多次发送失败，请到发件箱处理"), tell=Perm.OUTBOX_MANAGE),
    Verb("outgoing.sent_again", _("重新发送")),
    Verb("outgoing.discarded", _("作废了待发消息")),
    Verb("outgoing.edited", _("修改了待发消息")),
    Verb("address.failing", _("连续三次发不到，请核对号码或邮箱"), tell=Perm.ACCOUNT_INVITE),
    Verb("address.settled", _("处理了发不到的地址")),
    Verb("preference.changed", _("修改了消息提醒设置")),
)
