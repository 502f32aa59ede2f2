"""What the journal says about desk cards."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("card.saved", _("改了桌签的样子")),
    Verb("card.batch_asked", _("要求印一批桌签")),
    Verb("card.batch_made", _("做好了一批桌签")),
)
