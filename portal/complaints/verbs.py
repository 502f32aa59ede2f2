"""What the journal says about complaints."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("complaint.received", _("新来信，等待受理"), tell=Perm.COMPLAINT_ANSWER),
    Verb("complaint.accepted", _("受理了来信")),
    Verb("complaint.answered", _("答复了来信")),
    Verb("complaint.transferred", _("转来一件来信，等待受理"), tell=Perm.COMPLAINT_ANSWER),
    Verb("complaint.rejected", _("决定不予受理")),
    Verb("complaint.closed", _("办结了来信")),
    Verb("complaint.lapsed", _("答复满 30 天，自动办结")),
    Verb("complaint.rated", _("来信人反馈了是否解决")),
    Verb("complaint.identity_read", _("查看了来信人身份")),
    Verb("complaint.identity_erased", _("按期限清除了来信人身份")),
)
