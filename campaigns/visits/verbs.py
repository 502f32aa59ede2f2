"""What the journal says about family visits; never a name, never a word of what was said."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("family_visit.logged", _("登记了家访")),
    Verb("family_visit.edited", _("修改了家访记录")),
    Verb("family_visit.follow_up_raised", _("提出了家访跟进事项")),
    Verb("family_visit.handed_over", _("家访跟进事项交由本单位办理"), tell=Perm.FAMILY_VISIT_LOG),
    Verb("family_visit.handled", _("登记了家访跟进处理情况")),
    Verb("family_visit.reopened", _("家访事项继续跟进")),
    Verb("family_visit.closed", _("办结了家访跟进事项")),
    Verb("family_visit.identity_read", _("查看了家访家庭的称呼")),
    Verb("family_visit.erased", _("按期限清除了家访称呼和内容")),
)
