"""What the journal says about messages."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("outgoing.failed", _("多次发送失败，请到发件箱处理"), tell=Perm.OUTBOX_MANAGE),
    Verb("outgoing.sent_again", _("重新发送")),
    Verb("outgoing.discarded", _("作废了待发消息")),
    Verb("outgoing.edited", _("修改了待发消息")),
    Verb("preference.changed", _("修改了消息提醒设置")),
)
