"""What the journal says about publishing, and who is told."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.verbs import Verb, register

register(
    Verb("publication.requested", _("送审，等待初审"), tell=Perm.CONTENT_EDIT),
    Verb("publication.restarted", _("内容有改动，重新送审，等待初审"), tell=Perm.CONTENT_EDIT),
    Verb("publication.first_read", _("初审通过，等待审核"), tell=Perm.CONTENT_CHECK),
    Verb("publication.edited", _("初审通过，等待审发"), tell=Perm.CONTENT_PUBLISH),
    Verb("publication.checked", _("审核通过，等待审发"), tell=Perm.CONTENT_PUBLISH),
    Verb("publication.published", _("审发，已发布")),
    Verb("publication.returned", _("退回了送审内容")),
    Verb("publication.withdrawn", _("撤回了送审")),
    Verb("publication.taken_down", _("撤下了已发布的内容"), tell=Perm.CONTENT_PUBLISH),
    Verb("publication.owner_withdrew", _("本人要求撤下"), tell=Perm.CONTENT_PUBLISH),
    Verb("publication.expired", _("到期，自动撤下")),
    Verb("publication.expiry_set", _("改了到期时间")),
    Verb("watchword.added", _("增加了关注词")),
    Verb("watchword.changed", _("修改了关注词")),
)
