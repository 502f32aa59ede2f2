"""What the journal says about packages."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("package.created", _("新建了“几个一”")),
    Verb("package.edited", _("修改了“几个一”")),
    Verb("package.items_set", _("更新了“几个一”的内容")),
    Verb("package.opened", _("下发了“几个一”")),
    Verb("package.closed", _("结束了“几个一”")),
    Verb("package.reopened", _("重新启动了“几个一”")),
    Verb("package.assigned", _("下发了一个“几个一”，请按内容开展"), tell=Perm.TASK_ANSWER),
    Verb("package.exported", _("导出了“几个一”完成情况")),
)
