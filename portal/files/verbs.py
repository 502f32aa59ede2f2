"""What the journal says about files. Staging is not recorded: nothing belongs to anybody yet."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("file.attached", _("添加了文件")),
    Verb("file.removed", _("移除了文件")),
    Verb("file.captioned", _("修改了图片说明")),
    Verb("file.captions_changed", _("修改了字幕")),
    Verb("file.reprocessed", _("重新处理了文件")),
    Verb("file.space_low", _("存放文件的磁盘快满了"), tell=Perm.SETTINGS_EDIT),
    Verb("file.refused", _("上传的文件无法处理")),
)
