"""The staff list of messages: which become cards, which do not, and why."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.cards import queries
from families.cards.rules import Lettering
from families.works.models import Work
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.ui.lists import Column, ListSpec, Sort, register
from portal.units.queries import in_subtree

READY, OPTED, NOT_OPTED = "ready", "opted", "not"


class PlaceFilter(UnitFilter):
    """Families that live, or cards that stand, in a unit and below it."""

    def inside(self, unit_no: str) -> Q:
        """Either of the two."""
        return in_subtree(unit_no) | in_subtree(unit_no, "card__unit__")


class CardFilter(django_filters.FilterSet):
    """By place, consent and words."""

    q = django_filters.CharFilter(label=_("编号、称呼或寄语"), method="search", max_length=60)
    unit = PlaceFilter(Perm.CARD_PRINT)
    consent = django_filters.ChoiceFilter(
        label=_("印制同意"), choices=[(OPTED, _("已同意")), (NOT_OPTED, _("没有同意"))], method="by_consent"
    )
    printed = django_filters.BooleanFilter(
        label=_("印过"), field_name="card__printed_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Work
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Work], name: str, value: str) -> QuerySet[Work]:
        """Every word must occur."""
        for word in value.split()[:5]:
            rows = rows.filter(
                Q(no__iexact=word) | Q(text__icontains=word) | Q(extra__to_name__icontains=word)
            )
        return rows

    def by_consent(self, rows: QuerySet[Work], name: str, value: str) -> QuerySet[Work]:
        """Agreed to printing, or not."""
        return rows.filter(opted=value == OPTED)


def _why(work: Any) -> Any:
    reason = queries.reason_of(work)
    return _("可以印") if reason is None else reason.label


def _tone(work: Any) -> str:
    return "ok" if queries.reason_of(work) is None else "warn"


def _words(work: Work) -> str:
    return work.text[:24] or str(Lettering.HANDWRITTEN.label)


def _printed(work: Work) -> str:
    card = queries.card_of(work)
    return f"{timezone.localtime(card.printed_at):%Y-%m-%d}" if card and card.printed_at else ""


def _place(work: Work) -> str:
    card = queries.card_of(work)
    return card.unit.short_name if card else work.unit.short_name


SPEC = register(
    ListSpec(
        code="cards",
        title=_("亲情寄语和桌签"),
        rows=queries.for_staff,
        columns=(
            Column("no", _("编号"), lambda work: work.no, link=lambda work: reverse("families:cards:detail", args=[work.no])),
            Column("words", _("寄语"), _words),
            Column("to", _("写给"), lambda work: work.extra.get("to_name", "")),
            Column("author", _("作者"), lambda work: work.display_name),
            Column("unit", _("摆放单位"), _place),
            Column("why", _("能不能印"), _why, tone=_tone),
            Column("printed", _("上次印"), _printed),
        ),
        sorts=(
            Sort("new", _("新提交的在前"), ("-submitted_at",)),
            Sort("old", _("先提交的在前"), ("submitted_at",)),
        ),
        filterset=CardFilter,
        bulk=True,
        presets=((_("全部"), ""), (_("同意印制"), f"consent={OPTED}"), (_("没有同意"), f"consent={NOT_OPTED}")),
        empty_title=_("还没有亲情寄语"),
        empty_text=_("家庭投来的“亲情寄语”会出现在这里；家人同意印制后，可以成批做成桌签。"),
    )
)  # fmt: skip
