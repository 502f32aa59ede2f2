"""The job that makes a file of cards."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.cards import actions, documents, queries
from families.cards.models import CardBatch
from families.works.models import Work
from portal.access.scope import scope_of
from portal.jobs.registry import job
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS

KIND_WORDS["cards.batch"] = gettext_lazy("排印桌签")


def _wanted(run: Run, row: CardBatch) -> QuerySet[Work]:
    rows = queries.for_staff(scope_of(run.by)).filter(pk__in=row.works)
    return rows.defer(None).order_by("unit__path", "pk")


@job("cards.batch", limit=600)
def batch(run: Run, *, batch_id: int) -> dict[str, Any]:
    """With the rights and the consents of this moment: who withdrew since is not in the file."""
    row = queries.batch_by_pk(batch_id)
    rows = list(_wanted(run, row))
    total = len(rows)
    run.progress(0, total, _("核对同意和内容"))
    printed, left = queries.sorted_out(rows)
    left_out = queries.counted(left)
    if not printed:
        actions.note_made(batch=row, actor=run.by, printed=[], left_out=left_out)
        return {"cards": 0, "left_out": len(left)}
    run.progress(total // 2, total, _("排印 %(n)d 张") % {"n": len(printed)})
    pdf = documents.pdf(printed, size=row.size, fold=row.fold, sheet=row.sheet)
    name = _("桌签-%(unit)s-%(size)s-%(n)d张-%(day)s.pdf") % {
        "unit": row.unit.short_name,
        "size": row.size.upper(),
        "n": len(printed),
        "day": f"{timezone.localdate():%Y%m%d}",
    }
    run.attach(name, "application/pdf", pdf)
    run.progress(total, total, _("做好了 %(n)d 张") % {"n": len(printed)})
    actions.note_made(batch=row, actor=run.by, printed=printed, left_out=left_out)
    return {"cards": len(printed), "left_out": len(left)}
