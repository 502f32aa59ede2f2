"""What the journal says about materials, documents and courses."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("material.added", _("登记了宣传资料")),
    Verb("material.edited", _("修改了宣传资料")),
    Verb("material.import_undone", _("撤销了表格导入的资料")),
    Verb("placement.added", _("登记了一次投放")),
    Verb("placement.removed", _("删除了一次投放")),
    Verb("viewing.added", _("登记了一次观影")),
    Verb("viewing.removed", _("删除了一次观影")),
    Verb("document.added", _("登记了制度文件")),
    Verb("document.edited", _("修改了制度文件")),
    Verb("document.replaced", _("用新文件替代了旧文件")),
    Verb("document.repealed", _("废止了制度文件")),
    Verb("document.restored", _("恢复了制度文件")),
    Verb("course.added", _("登记了课程")),
    Verb("course.edited", _("修改了课程")),
)
