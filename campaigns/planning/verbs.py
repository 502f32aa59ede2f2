"""What the journal says about campaigns."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("campaign.created", _("新建了主题活动")),
    Verb("campaign.edited", _("修改了主题活动")),
    Verb("campaign.opened", _("启动了主题活动")),
    Verb("campaign.closed", _("结束了主题活动")),
    Verb("campaign.reopened", _("重新启动了主题活动")),
    Verb("leading_group.set", _("更新了领导组名单")),
    Verb("policy.issued", _("登记了政策文件")),
    Verb("policy.edited", _("修改了政策文件")),
    Verb("goal.set", _("设定了年度目标")),
)
