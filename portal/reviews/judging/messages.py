"""What judges are told: in the site, and by SMS where an account has a number. Never a title, never a name."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications.actions import send_sms, tell
from portal.reviews.judging.models import JudgingStage


def assigned(stage: JudgingStage, people: Iterable[tuple[User, int]], *, wave: str) -> None:
    """Works wait for these judges; `wave` keeps a second assignment from being swallowed as already told."""
    for user, number in people:
        text = _("“%(title)s”有 %(n)d 件等您打分，请在 %(due)s 前完成。") % {
            "title": str(stage), "n": number, "due": stage.due_on.isoformat(),
        }  # fmt: skip
        if stage.contact:
            text += _("有问题请联系：%(contact)s。") % {"contact": stage.contact}
        key = f"judging.assigned:{stage.pk}:{wave}"
        tell(users=[user], title=_("有作品请您评审"), text=text, url="/judge/", key=key)
        if user.phone and not stage.is_demo:
            url = settings.SITE["base_url"].rstrip("/") + "/judge/"
            send_sms(
                to=user.phone,
                text=f"{text}{url}",
                user=user,
                unit=stage.unit,
                key=f"{key}:{user.pk}",
                may_wait=True,
            )
