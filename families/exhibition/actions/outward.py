"""Works sent on to a higher exhibition: record and result (practice 002-38)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from families.exhibition.models import Outward
from families.works.models import Work
from families.works.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError

FIELDS = ("exhibition", "organiser", "place", "held_on", "result", "award", "note")


@once(Outward, taken=lambda: ValidationError({"exhibition": _("这件作品已经登记过这个展览。")}))
def add_outward(
    *, actor: Any, work: Work, fields: Mapping[str, Any], token: str | None = None, is_demo: bool = False
) -> Outward:
    """登记报送: an accepted work is sent to an exhibition; once per work and exhibition."""
    scope_of(actor).require(Perm.WORK_REVIEW, work)
    if work.status != Status.ACCEPTED:
        raise WorkflowError(_("只有已入选的作品可以报送展览。"))
    row = Outward.objects.create(
        work=work, created_by=actor, client_token=token, is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    record("outward.saved", actor=actor, target=work, changed=sorted(fields))
    return row


@transaction.atomic
def edit_outward(*, actor: Any, outward: Outward, fields: Mapping[str, Any]) -> None:
    """Write what became of it."""
    scope_of(actor).require(Perm.WORK_REVIEW, outward.work)
    for name in FIELDS:
        if name in fields:
            setattr(outward, name, fields[name])
    try:
        with transaction.atomic():
            outward.save()
    except IntegrityError as error:
        raise ValidationError({"exhibition": _("这件作品已经登记过这个展览。")}) from error
    record("outward.saved", actor=actor, target=outward.work, changed=sorted(fields))


@transaction.atomic
def remove_outward(*, actor: Any, outward: Outward) -> None:
    """Delete a wrong line."""
    scope_of(actor).require(Perm.WORK_REVIEW, outward.work)
    record("outward.removed", actor=actor, target=outward.work, details={"exhibition": outward.exhibition})
    outward.delete()
