"""The words a family agrees to before its message is printed."""

from django.utils.translation import gettext_lazy as _

CONSENT_CARD = _(
    "我同意把这句寄语（含手写字、称呼和落款）印成桌签，交给摆放的单位。可以随时撤回；撤回后，之后印的不再有它。"
)
