"""Categories and calls."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.works.categories import CATEGORIES, DEFAULTS
from families.works.models import WorkCall, WorkCategory
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files import actions as files
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError, move


def ensure_categories() -> None:
    """Write the default categories that are missing; what an administrator changed stays."""
    for fields in plain_categories():
        WorkCategory.objects.get_or_create(code=fields.pop("code"), defaults=fields)


def plain_categories() -> list[dict[str, Any]]:
    """The default categories with words instead of lazy ones."""
    return [_plain({**DEFAULTS, **row, "sort": (number + 1) * 10}) for number, row in enumerate(CATEGORIES)]


def _plain(value: Any) -> Any:
    """Lazy words become text, also deep inside."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, int | float | bool) or value is None else str(value)


def end_of(day: date) -> datetime:
    """A deadline given as a date ends with that day: the moment that is too late."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def save_call(
    *, actor: Any, fields: Mapping[str, Any], categories: list[WorkCategory], call: WorkCall | None = None,
    token: str | None = None, attachments: Picked | None = None,
) -> WorkCall:  # fmt: skip
    """Write a call. `fields` are those of the model, with open_on and close_on as dates."""
    values = dict(fields)
    values["open_at"] = start_of(values.pop("open_on"))
    values["close_at"] = end_of(values.pop("close_on"))
    scope_of(actor).require(Perm.CALL_EDIT, call or values["unit"])
    scope_of(actor).require(Perm.CALL_EDIT, values.get("unit") or call)
    if call is None:
        known = WorkCall.objects.filter(client_token=token).first() if token else None
        if known is not None:
            return known
        call = WorkCall.objects.create(created_by=actor, client_token=token, **values)
    else:
        for name, value in values.items():
            setattr(call, name, value)
        call.save(update_fields=list(values))
    call.categories.set(categories)
    if attachments:
        files.settle(target=call, actor=actor, picked=attachments)
    record("call.saved", actor=actor, target=call, changed=sorted(values))
    return call


def lacking(call: WorkCall) -> list[str]:
    """What a call still lacks before it can go out, in words; empty when nothing stands in the way."""
    found = []
    if call.close_at <= timezone.now():
        found.append(str(_("截止日期已经过了，请先改截止日期。")))
    if not call.categories.filter(is_active=True).exists():
        found.append(str(_("还没有选作品类别。")))
    if not call.organisers:
        found.append(str(_("还没有写主办单位。")))
    if not call.contact.strip():
        found.append(str(_("还没有写联系方式：家庭有疑问时不知道问谁。")))
    return found


def open_call(*, actor: Any, call: WorkCall) -> None:
    """Publish it; the dates decide from then on. Raises WorkflowError with what it still lacks."""
    missing = lacking(call)
    if missing:
        raise WorkflowError(" ".join(missing))
    move(call, "open", actor=actor)


def close_call(*, actor: Any, call: WorkCall, reason: str) -> None:
    """End it before its time."""
    move(call, "close", actor=actor, reason=reason)
