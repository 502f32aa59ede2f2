"""Award lists: what rank proposes, what people chose, what the public reads."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from families.judging.models import Award, AwardList
from families.judging.queries.rounds import CODE, standing
from families.judging.rules import ListState, Tier, award, caps_of
from families.works.models import Work, WorkCall
from families.works.naming import public_name_of
from families.works.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.reviews.judging import queries as judging
from portal.reviews.judging.models import JudgingStage
from portal.workdays.queries import add_workdays


def list_of(call: WorkCall) -> AwardList | None:
    """The award list of a call."""
    return (
        AwardList.objects.filter(call=call)
        .select_related("call", "unit", "proposed_by", "decided_by")
        .first()
    )


def proposal(call: WorkCall, stage: JudgingStage) -> dict[int, tuple[str, str, int]]:
    """work → (tier, bucket, place): the shares of what was accepted, cut along the order of the last round."""
    first = judging.stages_of(CODE, call.pk)[0]
    accepted: dict[str, int] = {}
    for bucket in first.things.filter(is_gone=False).values_list("bucket", flat=True):
        accepted[bucket] = accepted.get(bucket, 0) + 1
    caps, found = caps_of(call.award_tiers), {}
    things = list(stage.things.filter(is_gone=False))
    # After the round an author may still take a work back, or staff take it down: the next one moves up.
    gone = (Status.WITHDRAWN, Status.PRIVATE)
    rows = Work.objects.filter(pk__in=[item.target_id for item in things]).exclude(status__in=gone)
    stays = set(standing(rows).values_list("pk", flat=True))
    for bucket, items in judging.in_order(things).items():
        scored = [item for item in items if item.raw is not None and item.target_id in stays]
        tiers = award([item.target_id for item in scored], accepted.get(bucket, len(items)), caps)
        for place, item in enumerate(scored, 1):
            found[item.target_id] = (tiers.get(item.target_id, ""), item.bucket_label, place)
    return found


def ties_between_tiers(call: WorkCall, stage: JudgingStage) -> bool:
    """Would equal works get different tiers? Then the chair decides first."""
    tiers = proposal(call, stage)
    return any(
        len({tiers.get(item.target_id, ("", "", 0))[0] for item in group}) > 1
        for group in judging.ties_of(stage)
    )


def candidates_of(award_list: AwardList) -> list[dict[str, Any]]:
    """Everything of the last round with its place and the tier on the list, bucket by bucket."""
    stage = judging.last_stage(CODE, award_list.call_id)
    if stage is None:
        return []
    tiers = {row.work_id: row.tier for row in award_list.awards.filter(struck_for="")}
    offered = proposal(award_list.call, stage)
    rows = {row.pk: row for row in Work.objects.filter(pk__in=offered).select_related("county")}
    items = {item.target_id: item for item in stage.things.filter(is_gone=False)}
    return [
        {
            "work": rows[pk], "item": items[pk], "bucket": bucket, "place": place, "offered": tier,
            "tier": tiers.get(pk, "") if tiers or award_list.status != ListState.DRAFT else tier,
        }
        for pk, (tier, bucket, place) in sorted(offered.items(), key=lambda one: (one[1][1], one[1][2]))
        if pk in rows and pk in items
    ]  # fmt: skip


def listed(award_list: AwardList) -> list[Award]:
    """Everything on the list for staff: bucket by bucket, the first tier first."""
    order = {str(tier): number for number, tier in enumerate(Tier)}
    rows = award_list.awards.select_related("work")
    return sorted(rows, key=lambda row: (row.bucket_label, order.get(row.tier, 99), row.rank, row.pk))


def on_show(award_list: AwardList) -> list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]:
    """What the public reads: bucket → tier → works. Works of minors stand without a tier (domain reference §1.5);
    a name stands only where its author consented to publication."""
    states = (Status.PUBLICITY, Status.AWARDED)
    shown = standing(Work.objects.filter(awards__list=award_list, status__in=states))
    rows = (
        award_list.awards.filter(struck_for="", work__in=shown)
        .select_related("work__county", "work__category")
        .prefetch_related("work__authors")
    )
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        tier = "" if row.work.is_minor else str(row.get_tier_display())
        found.setdefault(row.bucket_label, {}).setdefault(tier, []).append(_public_line(row))
    order = {str(tier.label): number for number, tier in enumerate(Tier)}
    return [
        (bucket, sorted(tiers.items(), key=lambda one: order.get(one[0], 99)))
        for bucket, tiers in found.items()
    ]


def _public_line(row: Award) -> dict[str, Any]:
    work = row.work
    return {
        "no": work.no,
        "title": work.title if work.wants_public else "",
        "name": public_name_of(work),
        "place": work.county.short_name if work.county else "",
        "url": work.get_absolute_url() if work.is_public else "",
    }


def published_list(slug: str) -> AwardList | None:
    """The list of a call that the public may read now."""
    row = AwardList.objects.filter(call__slug=slug).select_related("call", "unit").first()
    return row if row is not None and row.is_on_show else None


def publicity_end(first: date, days: int) -> date:
    """The last day of a notice of `days` working days that begins on `first`."""
    return add_workdays(first, days)


def ripe(scope: Scope) -> QuerySet[AwardList]:
    """Lists that wait for the deciding person: to be decided, or to be announced."""
    return (
        scope.rows(AwardList, Perm.JUDGING_DECIDE)
        .filter(status__in=(ListState.PROPOSED, ListState.PUBLICITY))
        .select_related("call")
        .order_by("pk")
    )
