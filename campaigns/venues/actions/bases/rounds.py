"""Rounds of naming with their quota."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.venues.models import BaseBatch, BaseScore
from campaigns.venues.rules import bases as rules
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.units.models import Unit

BATCH_FIELDS = (
    "name", "year", "title_word", "total", "child_least", "child_most", "pass_score", "public_days", "criteria",
    "opens_on", "closes_on",
)  # fmt: skip


@transaction.atomic
def save_batch(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    pool: Iterable[Unit],
    batch: BaseBatch | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> BaseBatch:
    """Open a round of naming, or change it. Weights must sum to 100; they are fixed once somebody has scored.

    Raises ValidationError by field, PermissionDenied without VENUE_CHECK at the naming unit.
    """
    scope_of(actor).require(Perm.VENUE_CHECK, unit)
    values = {name: fields[name] for name in BATCH_FIELDS if name in fields}
    if "criteria" in values and not rules.weights_fit(values["criteria"]):
        raise ValidationError({"criteria": _("各项分值加起来必须正好是 100。")})
    if batch is None:
        known = BaseBatch.objects.filter(client_token=client_token).first() if client_token else None
        if known is not None:
            return known
        try:
            with transaction.atomic():
                batch = BaseBatch.objects.create(
                    unit=unit, created_by=actor, client_token=client_token, is_demo=is_demo, **values
                )
        except IntegrityError as error:
            raise ValidationError({"name": _("这个单位今年已有同名批次。")}) from error
        verb = "base_batch.opened"
    else:
        scored = BaseScore.objects.filter(base__batch=batch).exists()
        if scored and "criteria" in values and values["criteria"] != batch.criteria:
            raise ValidationError({"criteria": _("已经有人打分，评分标准不能再改。")})
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save(update_fields=list(values))
        verb = "base_batch.changed"
    batch.pool.set(list(pool))
    record(verb, actor=actor, target=batch, changed=values)
    return batch
