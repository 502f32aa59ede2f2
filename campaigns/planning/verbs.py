"""What the journal says about campaigns."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("campaign.created", _("新建了主题活动")),
    Verb("campaign.edited", _("修改了主题活动")),
    Verb("campaign.opened", _("启动了主题活动")),
    Verb("campaign.closed", _("结束了主题活动")),
    Verb("campaign.reopened", _("重新启动了主题活动")),
    Verb("outcomes.set", _("更新了活动成效")),
    Verb("phase.saved", _("更新了阶段安排")),
    Verb("phase.removed", _("删除了一个阶段")),
    Verb("tag_set.saved", _("更新了标签组")),
    Verb("leading_group.set", _("更新了领导组或专班")),
    Verb("group_member.added", _("登记了领导组成员")),
    Verb("group_member.edited", _("修改了领导组成员")),
    Verb("group_member.ended", _("登记了成员离任")),
    Verb("liaison.saved", _("更新了协作单位联络人")),
    Verb("policy.issued", _("登记了政策文件")),
    Verb("policy.edited", _("修改了政策文件")),
    Verb("policy.readdressed", _("改了文件的收文单位")),
    Verb("policy.renewed", _("发了文件的新版本")),
    Verb("policy.addressed", _("发来一份文件，请签收"), tell=Perm.POLICY_RECEIVE),
    Verb("policy.confirmed", _("签收了文件")),
    Verb("goal.set", _("设定了年度目标")),
    Verb("goal.removed", _("取消了年度目标")),
)
