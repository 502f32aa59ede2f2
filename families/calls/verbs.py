"""What the journal says about late codes and notices."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("call.late_code_given", _("发放了补投码")),
    Verb("call.late_code_used", _("凭补投码收下了作品")),
    Verb("call.late_code_revoked", _("收回了补投码")),
    Verb("call.notice_sent", _("下发了征集通知，请签收"), tell=Perm.POLICY_RECEIVE),
    Verb("call.notice_confirmed", _("签收了征集通知")),
)
