"""What the journal says about days off."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("holiday.set", _("登记了放假或补班日")),
    Verb("holiday.removed", _("删除了放假或补班日")),
    Verb("holiday.imported", _("导入了放假安排")),
)
