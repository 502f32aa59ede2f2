"""Messages about letters; no names in them: a phone may be read by others."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SMS: dict[str, Promise] = {
    "sent": _(
        "您的家人写给您一封家书。用这个手机号的验证码打开：%(url)s （30天内有效，不想收可在页面上谢绝）"
    ),
    "sent_other": _(
        "您的家人写给您一份%(what)s。用这个手机号的验证码打开：%(url)s （30天内有效，不想收可在页面上谢绝）"
    ),
    "answered": _("您寄出的家书有了回信，点开看：%(url)s"),
}
