"""What the journal says about lists."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("list.exported", _("导出了列表")),
    Verb("list.view_saved", _("保存了一个列表视图")),
    Verb("list.view_deleted", _("删除了一个列表视图")),
)
