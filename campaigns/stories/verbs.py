"""What the journal says about stories."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("story.created", _("起草了文章")),
    Verb("story.edited", _("修改了文章")),
    Verb("story.submitted", _("把文章送审")),
    Verb("story.recalled", _("撤回了文章的送审")),
    Verb("story.published", _("公开了文章")),
    Verb("story.returned", _("退回了文章")),
    Verb("story.restarted", _("文章有改动，重新送审")),
    Verb("story.taken_down", _("撤下了文章")),
)
