"""What the journal says about units."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("unit.imported", _("导入了区划文件")),
    Verb("unit.added", _("新增了单位")),
    Verb("unit.renamed", _("更改了单位名称")),
    Verb("unit.closed", _("撤销了单位"), tell=Perm.GRANT_VIEW),
    Verb("unit.moved", _("调整了单位隶属"), tell=Perm.GRANT_VIEW),
    Verb("unit.left", _("划出了本单位"), tell=Perm.GRANT_VIEW),
    Verb("unit.merged", _("合并了单位"), tell=Perm.GRANT_VIEW),
    Verb("unit.change_planned", _("安排了单位变动")),
    Verb("unit.change_cancelled", _("取消了安排好的单位变动")),
    Verb("unit.change_failed", _("安排好的单位变动没有执行"), tell=Perm.UNIT_EDIT),
)
