"""What the journal says about judging. No entry holds a score."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("judging.created", _("新建了一轮评审")),
    Verb("judging.panel_set", _("改了评委名单")),
    Verb("judging.criteria_set", _("改了评分标准")),
    Verb("judging.assigned", _("分配了评审任务")),
    Verb("judging.opened", _("开始了打分")),
    Verb("judging.added", _("补入了后来入选的作品")),
    Verb("judging.left", _("作品撤回或撤下，退出评审")),
    Verb("judging.scored", _("交了一份打分")),
    Verb("judging.recused", _("评委申明回避")),
    Verb("judging.short", _("有作品因回避缺评委，请补充评委"), tell=Perm.JUDGING_MANAGE),
    Verb("judging.profile_saved", _("评委登记了工作单位和住址")),
    Verb("judging.closed", _("结束了打分，等待定晋级"), tell=Perm.JUDGING_DECIDE),
    Verb("judging.tie_parted", _("定了同分作品的先后")),
    Verb("judging.decided", _("确定了晋级名单")),
)
