"""What the journal says about roles and people."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("grant.given", _("授予了角色")),
    Verb("grant.ended", _("收回了角色")),
    Verb("grant.delegated", _("把角色临时委托给了同事")),
    Verb("grant.ends_soon", _("任期 30 天内到期"), tell=Perm.ACCOUNT_INVITE),
    Verb("account.invited", _("邀请了新同事")),
    Verb("account.renamed", _("更正了姓名")),
    Verb("account.password_reset", _("重置了他人的密码")),
    Verb("handover.done", _("办理了工作交接")),
)
