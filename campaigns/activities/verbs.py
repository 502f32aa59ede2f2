"""What the journal says about activities, and who is told."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("activity.logged", _("记了一场活动")),
    Verb("activity.proposed", _("备好了一份活动草稿")),
    Verb("activity.imported", _("导入了一场活动")),
    Verb("activity.edited", _("修改了活动")),
    Verb("activity.discarded", _("删除了活动草稿")),
    Verb("activity.submitted", _("提交了活动，等待审核"), tell=Perm.ACTIVITY_REVIEW),
    Verb("activity.withdrawn", _("撤回了活动")),
    Verb("activity.approved", _("审核通过了活动")),
    Verb("activity.returned", _("退回了活动，需要修改"), tell=Perm.ACTIVITY_LOG),
    Verb("activity.archived", _("归档了活动")),
    Verb("activity.unlocked", _("解除了活动的归档"), tell=Perm.ACTIVITY_LOG),
    Verb("activity.published", _("公开了活动")),
    Verb("activity.taken_down", _("撤下了公开的活动")),
    Verb("activity.exported", _("导出了活动台账")),
    Verb("activity.amended", _("更正了已计入的活动")),
    Verb("activity.import_undone", _("撤销导入，删除了活动")),
    Verb("correction.proposed", _("提出更正一条已计入的活动"), tell=Perm.ACTIVITY_REVIEW),
    Verb("correction.confirmed", _("同意更正活动"), tell=Perm.ACTIVITY_LOG),
    Verb("correction.refused", _("不同意更正活动"), tell=Perm.ACTIVITY_LOG),
    Verb("correction.withdrawn", _("撤回了活动的更正")),
)
