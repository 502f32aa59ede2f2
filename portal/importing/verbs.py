"""What the journal says about imports."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("import.read", _("上传了表格，做了检查")),
    Verb("import.confirmed", _("确认导入表格")),
    Verb("import.discarded", _("丢弃了上传的表格")),
    Verb("import.applied", _("导入了表格")),
    Verb("import.undo_asked", _("要求撤销一次导入")),
    Verb("import.undone", _("撤销了一次导入")),
)
