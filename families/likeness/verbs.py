"""What the journal says about likeness. That a likeness was found is not recorded: nobody did anything."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(Verb("likeness.decided", _("判断了两件作品是否重复")))
