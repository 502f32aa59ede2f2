"""A family shapes its card and agrees to its printing; staff has cards printed."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.cards import ink, queries
from families.cards.models import Card, CardBatch
from families.cards.rules import MESSAGE, MOST_IN_A_BATCH, Lettering
from families.cards.wording import CONSENT_CARD
from families.works import queries as works
from families.works.actions.consents import subject_of
from families.works.models import Work
from families.works.rules import Audience, Status
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.journal.once import once
from portal.privacy import actions as privacy
from portal.privacy.queries import has_consent
from portal.privacy.rules import ConsentType, Relation
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit


class PictureError(WorkflowError):
    """The photo cannot be used as it is."""


def _require_own(work: Work, actor: Any) -> None:
    if not works.is_own(work, actor):
        raise PermissionDenied("not theirs")


@transaction.atomic
def save(
    *, actor: Any, work: Work, lettering: str, pattern: str, crop: list[int], unit: Unit | None, opted: bool, ip: str = ""
) -> Card:  # fmt: skip
    """Write how the card looks, and whether the family agrees to its printing (practice 001-27: for itself alone).

    Raises PictureError when the handwriting cannot be read off the photo; WorkflowError for anything else.
    """
    _require_own(work, actor)
    if work.category.code != MESSAGE or work.status in (Status.WITHDRAWN, Status.REJECTED):
        raise WorkflowError(_("这件作品不能做成桌签。"))
    fields = {"lettering": lettering, "pattern": pattern, "crop": crop, "unit": unit or work.unit}
    if lettering == Lettering.HANDWRITTEN:
        fields |= _handwriting(work, crop)
    card, _made = Card.objects.update_or_create(
        work=work, defaults=fields, create_defaults=fields | {"is_demo": work.is_demo}
    )
    work = queries.of_own(work)
    odd = queries.unprintable(queries.words_of(work))
    if odd:
        raise WorkflowError(
            _("这些字或表情印不出来：%(odd)s。请在“修改”里换掉，或者改用手写照片。") % {"odd": odd}
        )
    record("card.saved", actor=actor, target=card, changed=list(fields))
    _consent(card, work, opted=opted, actor=actor, ip=ip)
    return card


def _handwriting(work: Work, crop: list[int]) -> dict[str, Any]:
    photo = queries.photo_of(work)
    if photo is None:
        if queries.has_waiting_photo(work):
            raise PictureError(_("照片还在处理，请过几秒再保存。"))
        raise PictureError(_("还没有手写照片。请先在“修改”里上传一张，或者选“打印字”。"))
    try:
        cleaned = ink.clean(queries.bytes_of(photo), crop)
    except ink.NoInkError as error:
        raise PictureError(_("照片里没有找到清楚的字。请在亮处正对着纸拍，或者调整裁切框。")) from error
    return {"ink": cleaned.png, "ink_source": str(photo.public_id)}


def _consent(card: Card, work: Work, *, opted: bool, actor: Any, ip: str) -> None:
    if not opted:
        privacy.withdraw(actor=actor, target=card, kind=ConsentType.DESK_CARD, reason=_("作者撤回"))
        return
    if work.audience == Audience.ONLY_RECIPIENT:
        raise WorkflowError(
            _("只给收信人看的寄语，工作人员看不到，不能统一印制。您可以自己下载打印，或者先改“谁能看到”。")
        )
    if work.is_child and not has_consent(work, ConsentType.GUARDIAN):
        raise WorkflowError(_("作者未满 14 周岁，需要监护人先同意，才能印制。"))
    privacy.give(
        actor=actor, target=card, kind=ConsentType.DESK_CARD, text=str(CONSENT_CARD), subject_ref=subject_of(work), ip=ip,
        relation=Relation.GUARDIAN if work.is_child else Relation.SELF,
    )  # fmt: skip


def withdraw(*, actor: Any, work: Work) -> None:
    """撤回印制同意: later batches are made without it."""
    _require_own(work, actor)
    card = queries.card_of(work)
    if card is not None:
        privacy.withdraw(actor=actor, target=card, kind=ConsentType.DESK_CARD, reason=_("作者撤回"))


@once(CardBatch)
def ask_batch(
    *, actor: Any, unit: Unit, chosen: Iterable[Work], size: str, fold: str, sheet: str, token: str
) -> CardBatch:  # fmt: skip
    """Ask for one file of cards; the same page sent twice asks once. Needs CARD_PRINT at the unit and for each card."""
    scope = scope_of(actor)
    scope.require(Perm.CARD_PRINT, unit)
    wanted = [work.pk for work in chosen]
    rows = list(queries.for_staff(scope).filter(pk__in=wanted).order_by("pk")[:MOST_IN_A_BATCH])
    printed, left = queries.sorted_out(rows)
    if not printed:
        raise WorkflowError(_("选中的寄语都还不能印，请看下面的原因。"))
    batch = CardBatch.objects.create(
        unit=unit, size=size, fold=fold, sheet=sheet, works=[row.pk for row in rows], created_by=actor,
        left_out=queries.counted(left), client_token=token, is_demo=bool(getattr(actor, "is_demo", False)),
    )  # fmt: skip
    batch.job = enqueue("cards.batch", args={"batch_id": batch.pk}, slot=f"cards:{token}", by=actor)
    batch.save(update_fields=["job"])
    record("card.batch_asked", actor=actor, target=batch, details={"cards": len(printed)})
    return batch


@transaction.atomic
def note_made(*, batch: CardBatch, actor: Any, printed: list[Work], left_out: dict[str, int]) -> None:
    """The file is there: which cards it holds, how many were left out. Run twice it says the same."""
    now = timezone.now()
    CardBatch.objects.filter(pk=batch.pk).update(made=len(printed), left_out=left_out, made_at=now)
    Card.objects.filter(work__in=[work.pk for work in printed]).update(printed_at=now)
    record(
        "card.batch_made", actor=actor, target=batch, details={"cards": len(printed), "left_out": left_out}
    )
