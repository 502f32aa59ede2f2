"""How far quotas are filled: reads of the tree, live from the entries."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext as _

from campaigns.tasks import evidence
from campaigns.tasks.models import Quota, QuotaEntry, QuotaShare
from campaigns.tasks.rules import Fill
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Unit


@dataclass
class Line:
    """One share with how far it is filled."""

    share: QuotaShare
    fill: Fill
    split: Quota | None = None


@dataclass
class Sheet:
    """A whole quota: the total, its shares in division order, and what is filled outside every share."""

    quota: Quota
    total: Fill
    lines: list[Line] = field(default_factory=list)
    entries: list[QuotaEntry] = field(default_factory=list)

    @property
    def minimum_sum(self) -> int:
        """The lower numbers together."""
        return sum(line.share.minimum for line in self.lines)

    @property
    def asks_too_much(self) -> bool:
        """Do the lower numbers add up to more than the total?"""
        return self.minimum_sum > self.quota.total


def visible(scope: Scope) -> QuerySet[Quota]:
    """Quotas divided in reach, and those with a share of a unit in reach."""
    inside = scope.rows(Quota, Perm.TASK_VIEW)
    shared = scope.rows(QuotaShare, Perm.TASK_VIEW)
    rows = Quota.objects.filter(Q(pk__in=inside.values("pk")) | Q(pk__in=shared.values("quota_id")))
    return rows.select_related("unit", "task", "root", "parent__unit")


def in_list(scope: Scope) -> QuerySet[Quota]:
    """The same with how many entries each has; a split counts those of its unit's subtree."""
    rows = QuotaEntry.objects.filter(
        Q(quota=OuterRef("pk")) | Q(quota=OuterRef("root")),
        unit__path__gte=OuterRef("unit__path"),
        unit__path__lte=Concat(OuterRef("unit__path"), Value("ZZZZZ")),
    )
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")[:1]
    return visible(scope).annotate(filled=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def sheet(quota: Quota, scope: Scope | None = None) -> Sheet:
    """The quota with live numbers; with a scope only the entries of units in its reach are listed by name."""
    root = quota.root or quota
    shares = list(quota.shares.select_related("unit", "split").order_by("unit__path"))
    entries = list(root.entries.select_related("unit", "by").order_by("unit__path", "pk"))
    inside = [
        entry for entry in entries if quota.pk == root.pk or entry.unit.path.startswith(quota.unit.path)
    ]
    lines = [
        Line(
            share,
            Fill(_below(inside, share.unit), share.minimum, share.maximum),
            getattr(share, "split", None),
        )
        for share in shares
    ]
    shown = inside if scope is None else [row for row in inside if scope.may(Perm.TASK_VIEW, row.unit)]
    return Sheet(quota, Fill(len(inside), quota.total, quota.total), lines, shown)


def _below(entries: list[QuotaEntry], unit: Unit) -> int:
    return sum(entry.unit.path.startswith(unit.path) for entry in entries)


def over_after(root: Quota, unit: Unit) -> str:
    """What one more entry of `unit` would exceed, in words; "" when there is room."""
    paths = list(root.entries.values_list("unit__path", flat=True))
    if len(paths) + 1 > root.total:
        return _("总数 %(n)d 已满，再登记须写明超名额理由。") % {"n": root.total}
    above = QuotaShare.objects.filter(Q(quota=root) | Q(quota__root=root), maximum__isnull=False)
    for share in above.select_related("unit").order_by("unit__path"):
        if not unit.path.startswith(share.unit.path):
            continue
        filled = sum(path.startswith(share.unit.path) for path in paths)
        if filled + 1 > (share.maximum or 0):
            words = {"unit": share.unit.short_name, "n": share.maximum}
            return _("%(unit)s的名额 %(n)d 个已满，再登记须写明超名额理由。") % words
    return ""


def may_split(quota: Quota, scope: Scope) -> dict[int, QuotaShare]:
    """Shares of a quota this person may divide further: their own unit's, not divided yet."""
    if not scope.has(Perm.TASK_ISSUE):
        return {}
    return {
        share.pk: share
        for share in quota.shares.select_related("unit", "quota__root")
        if scope.may(Perm.TASK_ISSUE, share.unit) and not hasattr(share, "split")
    }


def fillers(quota: Quota, scope: Scope) -> list[Unit]:
    """Units this person may fill the quota for: their own ones below a share, and the shares in reach."""
    shares = [share.unit for share in quota.shares.select_related("unit").order_by("unit__path")]
    own = scope.rows(Unit.objects.open(), Perm.TASK_ANSWER)
    found = {unit.pk: unit for unit in own if any(unit.path.startswith(share.path) for share in shares)}
    if scope.has(Perm.TASK_ISSUE):
        found |= {unit.pk: unit for unit in shares if scope.may(Perm.TASK_ISSUE, unit) and not unit.is_closed}
    return sorted(found.values(), key=lambda unit: unit.path)


def kind_choices() -> list[tuple[str, Any]]:
    """What a quota can count."""
    return [(kind.code, kind.label) for kind in evidence.in_order()] + [(evidence.NAMED, _("按名称登记"))]


def splittable(scope: Scope, pk: int) -> QuotaShare | None:
    """A share this person may divide further."""
    rows = scope.rows(QuotaShare, Perm.TASK_ISSUE).select_related("unit", "quota__root")
    return rows.filter(pk=pk, split__isnull=True).first()


def children_to_divide(unit: Unit) -> list[Unit]:
    """The open units right below, in division order."""
    rows = Unit.objects.open().under(unit.path).filter(depth=unit.depth + 1)
    return list(rows.order_by("sort", "path")[:200])


def entry_in(scope: Scope, quota: Quota, pk: int) -> QuotaEntry | None:
    """An entry of the quota's tree in reach."""
    root = quota.root or quota
    rows: QuerySet[QuotaEntry] = scope.rows(QuotaEntry, Perm.TASK_VIEW)
    return rows.select_related("unit").filter(quota=root, pk=pk).first()


def may_drop(scope: Scope, entry: QuotaEntry) -> bool:
    """May this person take the entry out again: their own unit's, or that of a unit they divide for?"""
    return scope.may(Perm.TASK_ANSWER, entry.unit) or scope.may(Perm.TASK_ISSUE, entry.unit)
