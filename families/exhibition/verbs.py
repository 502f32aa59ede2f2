"""What the journal says about the exhibition."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("issue.saved", _("编排了一期展播")),
    Verb("issue.submitted", _("把一期展播送审")),
    Verb("issue.published", _("发布了一期展播")),
    Verb("issue.returned", _("退回了一期展播")),
    Verb("issue.restarted", _("一期展播重新送审")),
    Verb("issue.taken_down", _("撤下了一期展播")),
    Verb("issue.removed", _("删除了一期展播")),
    Verb("outward.saved", _("登记了报送展览")),
    Verb("outward.removed", _("删除了报送展览的登记")),
    Verb("sweep.searched", _("按姓名查找了名下内容")),
    Verb("sweep.made", _("撤下了一个人名下的内容")),
    Verb("sweep.item_down", _("撤下了名下的一项内容")),
    Verb("sweep.asked_back", _("申请恢复名下内容")),
    Verb("sweep.put_back", _("同意恢复名下内容")),
    Verb("sweep.refused_back", _("不同意恢复名下内容")),
)
