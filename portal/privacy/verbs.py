"""What the journal says about consents and requests."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("consent.given", _("同意了授权"), beside=True),
    Verb("consent.withdrawn", _("撤回了一项授权"), beside=True),
    Verb("rights.asked", _("提出了个人信息请求"), tell=Perm.RIGHTS_HANDLE),
    Verb("rights.done", _("自行办理了个人信息请求")),
    Verb("rights.answered", _("答复了个人信息请求")),
)
