"""What the journal says about series."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("series.created", _("新建了系列")),
    Verb("series.edited", _("修改了系列")),
    Verb("series.closed", _("结束了系列")),
    Verb("series.reopened", _("重新开始了系列")),
    Verb("episode.planned", _("安排了一期")),
    Verb("episode.edited", _("修改了一期")),
    Verb("episode.moved", _("调整了期次顺序")),
    Verb("episode.aired", _("登记了已发布的一期")),
    Verb("episode.published", _("发布了一期")),
    Verb("episode.cancelled", _("取消了一期")),
    Verb("episode.retracted", _("更正：这一期不算已发布")),
    Verb("episode.restored", _("恢复了一期")),
    Verb("episode.shown", _("公开了一期")),
    Verb("episode.hidden", _("一期退出公开页面")),
)
