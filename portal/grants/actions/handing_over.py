"""A person leaves or changes posts: what they hold goes to a successor, in one step."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.messages import tell
from portal.accounts.models import User
from portal.grants import handover, queries
from portal.grants.actions.giving import close
from portal.grants.actions.people import require_manageable
from portal.grants.rules import GrantRefused
from portal.journal.actions import record


@transaction.atomic
def hand_over(
    *, actor: User, user: User, successor: User, reason: str, ends_on: date | None
) -> dict[str, int]:
    """Move everything open to the successor and end the person's own grants (now, or at a date).

    Allowed to who may act on both accounts; the successor may also be the actor.
    """
    require_manageable(actor, user, reason)
    if successor.pk == user.pk or not successor.is_active:
        raise GrantRefused(_("请选择另一位在岗的同事接手。"))
    if successor.pk != actor.pk:
        require_manageable(actor, successor)
    moved = {str(holding.label): holding.move(user, successor) for holding in handover.HOLDINGS}
    unit = queries.home_unit(user)
    for grant in queries.open_of(user).filter(delegated_from__isnull=True):
        close(actor=actor, grant=grant, reason=reason, on=ends_on)
    for grant in queries.open_of(user).filter(delegated_from__isnull=False):
        close(actor=actor, grant=grant, reason=reason, on=ends_on)
    record(
        "handover.done",
        actor=actor,
        target=user,
        unit=unit,
        details={"successor": str(successor.ref), "moved": moved, "reason": reason, "on": ends_on},
    )
    if successor.pk != actor.pk and any(moved.values()):
        words = {"name": user.display_name, "count": sum(moved.values())}
        tell(
            successor,
            _("%(name)s手上的 %(count)d 项工作已移交给您，请到工作台和“我的草稿”里接着办。") % words,
        )
    return moved
