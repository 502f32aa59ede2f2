"""What fulfils an item today: logged activities of a kind or with a tag, and confirmed documents. Other slices
register theirs (`registry`)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity, ActivityUnit
from campaigns.activities.queries import day_range
from campaigns.activities.rules import COUNTED, Kind
from campaigns.packages.registry import Fulfilment, by_subtree, paths_of, register
from campaigns.packages.rules import NOT_COUNTED
from campaigns.planning.models import PolicyDocument, PolicyReceipt, Tag
from portal.access.scope import below
from portal.units.models import Unit


def _under(paths: Mapping[int, str], prefix: str) -> Q:
    condition = Q(pk__in=[])
    for path in paths.values():
        condition |= below(path, prefix)
    return condition


def _counts(
    key: str, options: Sequence[Any], unit_ids: Collection[int], start: date, end: date
) -> dict[Any, dict[int, int]]:
    """Approved activities by option and unit with its subtree; `key` is the field that holds the option. A joint
    activity counts for every unit that organised it, and once where both organisers stand below the same unit.
    Three queries for all options together."""
    paths = paths_of(unit_ids)
    rows = Activity.objects.filter(day_range(start, end), status__in=COUNTED, **{f"{key}__in": options})
    led: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    grouped = rows.filter(_under(paths, "unit__")).order_by().values_list(key, "unit__path")
    for option, path, number in grouped.annotate(Count("pk")):
        led[option].append((path, number))
    found = {option: by_subtree(paths, led[option]) for option in options}
    joined: dict[tuple[Any, int, str], set[str]] = defaultdict(set)
    links = ActivityUnit.objects.filter(
        _under(paths, "unit__"), **{f"activity__{key}__in": options}, activity__in=rows.values("pk")
    )
    for option, pk, lead, at in links.values_list(
        f"activity__{key}", "activity_id", "activity__unit__path", "unit__path"
    ):
        joined[option, pk, lead].add(at)
    for (option, _pk, lead), places in joined.items():
        for unit, path in paths.items():
            if not lead.startswith(path) and any(at.startswith(path) for at in places):
                found[option][unit] += 1
    return found


def of_kinds(
    unit_ids: Collection[int], start: date, end: date, options: Sequence[str]
) -> dict[str, dict[int, int]]:
    """Activities of several kinds."""
    return _counts("kind", options, unit_ids, start, end)


def of_kind(unit_ids: Collection[int], start: date, end: date, option: str) -> dict[int, int]:
    """Activities of a kind."""
    return of_kinds(unit_ids, start, end, [option])[option]


def with_tags(
    unit_ids: Collection[int], start: date, end: date, options: Sequence[str]
) -> dict[str, dict[int, int]]:
    """Activities that bear one of several tags, whatever their kind."""
    keys = [int(option) for option in options if option.isdigit()]
    return {str(key): found for key, found in _counts("tags", keys, unit_ids, start, end).items()}


def with_tag(unit_ids: Collection[int], start: date, end: date, option: str) -> dict[int, int]:
    """Activities that bear a tag."""
    return with_tags(unit_ids, start, end, [option]).get(option, {})


def _rows(unit: Unit, start: date, end: date, **more: str) -> str:
    query = {"unit": unit.unit_no, "status": "counted", "since": start, "until": end, **more}
    return "/staff/activities/?" + urlencode(query)


def _tags() -> list[tuple[str, str]]:
    rows = Tag.objects.filter(is_retired=False, tag_set__campaigns__isnull=False).select_related("tag_set")
    return [(str(tag.pk), f"{tag.tag_set.name} · {tag.name}") for tag in rows.distinct()]


def confirmed(unit_ids: Collection[int], start: date, end: date, option: str) -> dict[int, int]:
    """Documents a unit itself has confirmed: any, or one of them in whatever version. One query (two for one
    document). What lower units confirmed is theirs."""
    rows = PolicyReceipt.objects.filter(
        unit__in=unit_ids, confirmed_at__date__gte=start, confirmed_at__date__lte=end
    )
    if option:
        rows = rows.filter(policy__in=_versions(option))
        found = dict.fromkeys(rows.values_list("unit_id", flat=True).order_by(), 1)
        return dict.fromkeys(found, 1)
    return dict(rows.order_by().values_list("unit_id").annotate(Count("pk")))


def _versions(option: str) -> list[int]:
    """Every version of the document that a choice names by its first one: the same title in the same campaign, or
    a renamed successor."""
    if not option.isdigit():
        return []
    found = [int(option)]
    pairs = PolicyDocument.objects.filter(replaces__isnull=False).values_list("replaces_id", "pk")
    after = dict(pairs)
    while found[-1] in after:
        found.append(after[found[-1]])
    return found


def _documents() -> list[tuple[str, Any]]:
    rows = PolicyDocument.objects.filter(version=1).order_by("-issued_on", "-pk")[:50]
    return [("", _("任何一份文件")), *((str(row.pk), f"《{row.title}》"[:60]) for row in rows)]


# Nothing stands in for what is not kept: an activity about it would be a wrong figure.
register(Fulfilment(NOT_COUNTED, _("暂不计数：还没有这类记录"), None))
register(
    Fulfilment(
        "activities.kind", _("活动类型"), of_kind, lambda: Kind.choices,
        lambda unit, start, end, option: _rows(unit, start, end, kind=option), _("场"), of_kinds,
    )
)  # fmt: skip
register(
    Fulfilment(
        "activities.tag", _("活动标签"), with_tag, _tags,
        lambda unit, start, end, option: _rows(unit, start, end, tag=option), _("场"), with_tags,
    )
)  # fmt: skip
register(
    Fulfilment(
        "planning.receipt", _("文件签收"), confirmed, _documents,
        lambda unit, start, end, option: "/staff/campaigns/receipts/?" + urlencode({"box": "done", "unit": unit.short_name}),
        _("份"),
    )
)  # fmt: skip
