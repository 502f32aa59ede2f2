"""Rounds for a call, and the way of its award list. Works change state here, told by the people who decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.judging import queries
from families.judging.models import Award, AwardList, UnitAward
from families.judging.rules import PUBLICITY_DAYS, ListState, Tier
from families.works import messages
from families.works.models import Work, WorkCall
from families.works.rules import JUDGED, Status
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.reviews.judging import actions as judging
from portal.reviews.judging import queries as rounds
from portal.reviews.judging.models import JudgingStage
from portal.reviews.workflow import StaleState, WorkflowError, move


def new_stage(
    *, actor: Any, call: WorkCall, kind: str, each: int, due_on: date, judges: Sequence[User], chair: User | None,
    contact: str = "", keep_share: int = 50, keep_number: int = 0, token: str | None = None,
) -> JudgingStage:  # fmt: skip
    """初评, 复评 or 终评 of a call, in preparation."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, call)
    return judging.create_stage(
        actor=actor, code=queries.CODE, subject_id=call.pk, unit=call.unit, title=call.title, kind=kind,
        targets=queries.candidates(call, kind), each=each, due_on=due_on, judges=judges, chair=chair, contact=contact,
        keep_share=keep_share, keep_number=keep_number, token=token, is_demo=call.is_demo,
    )  # fmt: skip


def opened(stage: JudgingStage, ids: Sequence[int], actor: Any) -> set[int]:
    """Called when judges begin: the works enter the round; what was taken back meanwhile does not."""
    entered = set()
    for work in Work.objects.filter(pk__in=ids):
        try:
            move(work, stage.kind, actor=actor)
        except StaleState:
            continue
        entered.add(work.pk)
    return entered


@transaction.atomic
def draft_awards(*, actor: Any, call: WorkCall) -> AwardList:
    """The tiers by ratio, along the ranks of the last round; a draft that people change and send on."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, call)
    known = queries.list_of(call)
    if known is not None:
        return known
    stage = rounds.last_stage(queries.CODE, call.pk)
    if stage is not None:
        judging.drop_gone(stage)
    if stage is None or not stage.is_over:
        raise WorkflowError(_("最后一轮打分还没有结束，不能拟名单。"))
    if queries.ties_between_tiers(call, stage):
        raise WorkflowError(_("等次的分界上有同分的作品，请评委组长先定先后。"))
    row = AwardList.objects.create(
        call=call, unit=call.unit, is_demo=call.is_demo, contact=call.contact[:120]
    )
    tiers = {pk: tier for pk, (tier, _bucket, _place) in queries.proposal(call, stage).items() if tier}
    _write(row, tiers, stage)
    _write_units(row, [one for one in queries.unit_rows(call, tiers) if one.is_proposed])
    judging.finish(actor=actor, stage=stage, chosen=set(tiers))
    record("awards.drafted", actor=actor, target=row)
    return row


def _write(row: AwardList, tiers: Mapping[int, str], stage: JudgingStage) -> None:
    offered = queries.proposal(row.call, stage)
    row.awards.all().delete()
    Award.objects.bulk_create(
        Award(list=row, work_id=pk, tier=tier, bucket_label=offered[pk][1], rank=offered[pk][2])
        for pk, tier in tiers.items()
        if pk in offered and tier in Tier.values
    )


def _write_units(row: AwardList, chosen: Iterable[queries.UnitRow]) -> None:
    row.unit_awards.all().delete()
    UnitAward.objects.bulk_create(
        UnitAward(
            list=row, unit=one.unit, plan=one.plan, received=one.received, accepted=one.accepted, awarded=one.awarded
        )
        for one in chosen
    )  # fmt: skip


def _chosen_units(row: AwardList, works: Iterable[int], units: set[int]) -> list[queries.UnitRow]:
    """The chosen among the units that may be; raises WorkflowError above the cap of the call."""
    chosen = [one for one in queries.unit_rows(row.call, works) if one.unit.pk in units]
    cap = queries.unit_cap(row.call)
    if cap and len(chosen) > cap:
        raise WorkflowError(
            _("优秀组织奖最多 %(most)d 个单位，现在选了 %(n)d 个。") % {"most": cap, "n": len(chosen)}
        )
    return chosen


def change_awards(
    *, actor: Any, row: AwardList, tiers: Mapping[int, str], reason: str, contact: str, units: set[int] | None = None
) -> None:  # fmt: skip
    """People change the tiers of a draft and choose the units; where they leave the ranks, or name a unit that does
    not meet the plan, they say why. `units` None leaves the units as they are."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, row)
    stage = rounds.last_stage(queries.CODE, row.call_id)
    if stage is None:
        raise WorkflowError(_("这次征集还没有评审。"))
    offered = {pk: tier for pk, (tier, _bucket, _place) in queries.proposal(row.call, stage).items()}
    chosen = {pk: tier for pk, tier in tiers.items() if tier}
    if chosen != {pk: tier for pk, tier in offered.items() if tier} and not reason.strip():
        raise WorkflowError(_("名单和按分数、比例排出的不一样，请写明理由。"))
    if units is None:
        units = set(row.unit_awards.values_list("unit_id", flat=True))
    wanted = _chosen_units(row, chosen, units)
    if any(not one.meets for one in wanted) and not reason.strip():
        raise WorkflowError(_("选了没有完成计划、没有入选或没有获奖作品的单位，请写明理由。"))
    with transaction.atomic():
        changed = AwardList.objects.filter(pk=row.pk, status=ListState.DRAFT).update(
            reason=reason.strip()[:300], contact=contact.strip()[:120]
        )
        if not changed:
            raise StaleState(_("名单已经送审，不能再改。"))
        _write(row, chosen, stage)
        _write_units(row, wanted)
        record("awards.changed", actor=actor, target=row, details={"reason": reason.strip()})


def propose(*, actor: Any, row: AwardList) -> None:
    """送审定: the first of two people."""
    with transaction.atomic():
        move(row, "submit", actor=actor, fields={"proposed_by": actor})
        chosen = set(row.awards.values_list("work_id", flat=True))
        if not chosen:
            raise WorkflowError(_("名单还是空的。"))
        for work in Work.objects.filter(call=row.call, status=Status.PROPOSED).exclude(pk__in=chosen):
            move(work, "unpropose", actor=actor)
        for work in Work.objects.filter(pk__in=chosen, status__in=JUDGED):
            move(work, "propose", actor=actor)


def send_back(*, actor: Any, row: AwardList, reason: str) -> None:
    """退回 with a reason; the works stay proposed until the list is sent again."""
    move(row, "return", actor=actor, reason=reason)


def confirm(
    *, actor: Any, row: AwardList, first: date, embargo_on: date | None = None, days: int = PUBLICITY_DAYS
) -> None:
    """审定: the second person; the list is public for `days` working days from the day after `first`."""
    if first < timezone.localdate():
        raise WorkflowError(_("公示不能从过去的日期开始。"))
    end = queries.publicity_end(first, days)
    with transaction.atomic():
        move(
            row, "confirm", actor=actor,
            fields={"decided_by": actor, "publicity_from": first, "publicity_to": end, "embargo_on": embargo_on},
        )  # fmt: skip
        for work in _listed(row, Status.PROPOSED):
            move(work, "publicise", actor=actor)


def _listed(row: AwardList, state: str) -> list[Work]:
    ids = row.awards.filter(struck_for="").values_list("work_id", flat=True)
    return list(Work.objects.filter(pk__in=list(ids), status=state))


def strike(*, actor: Any, award: Award, reason: str) -> None:
    """Take one work off the list while it is public, after an objection; only this one is concerned."""
    scope_of(actor).require(Perm.JUDGING_DECIDE, award.list)
    if award.list.status != ListState.PUBLICITY:
        raise StaleState(_("现在不在公示期间。"))
    with transaction.atomic():
        move(award.work, "strike", actor=actor, reason=reason)
        Award.objects.filter(pk=award.pk).update(struck_for=reason.strip()[:200])
        record(
            "awards.struck", actor=actor, target=award.list, details={"work": award.work.no, "reason": reason}
        )


def strike_unit(*, actor: Any, award: UnitAward, reason: str) -> None:
    """Take one unit off the list while it is public; only this one is concerned."""
    scope_of(actor).require(Perm.JUDGING_DECIDE, award.list)
    if award.list.status != ListState.PUBLICITY:
        raise StaleState(_("现在不在公示期间。"))
    if not reason.strip():
        raise WorkflowError(_("请写明理由，对方会看到。"))
    with transaction.atomic():
        standing = UnitAward.objects.filter(pk=award.pk, struck_for="")
        if not standing.update(struck_for=reason.strip()[:200], in_doubt=False):
            raise StaleState(_("刚刚有另一位同事处理了这条记录，请刷新后查看。"))
        details = {"unit": award.unit.unit_no, "reason": reason.strip()}
        record("awards.unit_struck", actor=actor, target=award.list, details=details)


def doubt_units(row: AwardList) -> int:
    """Tell the people who decide, once, that the ground for a unit's award has gone; a doubt that is over is cleared."""
    with transaction.atomic():
        found = queries.doubtful(row)
        row.unit_awards.filter(in_doubt=True).exclude(pk__in=[one.pk for one in found]).update(in_doubt=False)
        fresh = [one for one in found if not one.in_doubt]
        for one in fresh:
            if UnitAward.objects.filter(pk=one.pk, in_doubt=False).update(in_doubt=True):
                record("awards.unit_in_doubt", actor=SYSTEM, target=row, details={"unit": one.unit.unit_no})
    return len(fresh)


def keep_unit(*, actor: Any, award: UnitAward, reason: str) -> None:
    """保留: although its works have left the list, the unit keeps its award, for a reason; its figures are those of now."""
    scope_of(actor).require(Perm.JUDGING_DECIDE, award.list)
    if not reason.strip():
        raise WorkflowError(_("请写明保留的理由。"))
    with transaction.atomic():
        now = queries.doubtful(award.list).get(award)
        if now is None:
            raise StaleState(_("这个单位现在不需要再决定。"))
        kept = UnitAward.objects.filter(pk=award.pk, struck_for="").update(
            in_doubt=False, kept_for=reason.strip()[:200], received=now.received, accepted=now.accepted,
            awarded=now.awarded,
        )  # fmt: skip
        if not kept:
            raise StaleState(_("刚刚有另一位同事处理了这条记录，请刷新后查看。"))
        details = {"unit": award.unit.unit_no, "reason": reason.strip()}
        record("awards.unit_kept", actor=actor, target=award.list, details=details)


def announce(*, actor: Any, row: AwardList) -> int:
    """公布: after the notice and the embargo; every family of the call is told, awarded or not. Returns the awarded."""
    scope_of(actor).require(Perm.JUDGING_DECIDE, row)
    if row.status == ListState.PUBLICITY and not row.is_ripe:
        raise WorkflowError(
            _("公示到 %(day)s 结束，之后（并到了最早公布日期）才能公布。")
            % {"day": row.publicity_to.isoformat() if row.publicity_to else ""}
        )
    with transaction.atomic():
        move(row, "announce", actor=actor, fields={"announced_at": timezone.now()})
        awarded = _listed(row, Status.PUBLICITY)
        open_units = queries.lost_ground(
            row
        )  # after the works were read: one that leaves now fails its own step
        if open_units:
            raise WorkflowError(
                _("%(units)s的获奖作品后来移出或撤回了，请先决定优秀组织奖是移出还是保留。")
                % {"units": "、".join(str(one.unit) for one in open_units)}
            )
        for work in awarded:
            move(work, "award", actor=actor)
            messages.tell(work, "awarded")
        for unit_award in queries.units_on_show(row).select_related("unit", "list__call"):
            record("awards.unit_awarded", actor=actor, target=unit_award, unit=unit_award.unit)
        for work in Work.objects.filter(call=row.call, status__in=JUDGED):
            move(work, "no_award", actor=actor)
            messages.tell(work, "not_awarded")
    return len(awarded)


@transaction.atomic
def note_export(*, actor: Any, row: AwardList) -> None:
    """An export is recorded."""
    record("awards.exported", actor=actor, target=row)
