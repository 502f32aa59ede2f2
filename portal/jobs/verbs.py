"""What the journal says about jobs."""

from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import Verb, register

register(
    Verb("job.retried", _("重新执行了后台任务")),
    Verb("job.started", _("手动执行了定时任务")),
)
