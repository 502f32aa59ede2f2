"""What the journal says about letters. Neither words nor names, and nobody of the staff is told."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("letter.sent", _("把家书寄给了收信人")),
    Verb("letter.opened", _("收信人打开了家书")),
    Verb("letter.refused", _("收信人谢绝了家书")),
    Verb("letter.answered", _("收信人写了回信")),
    Verb("letter.forgotten", _("删除了收信人的信息")),
)
