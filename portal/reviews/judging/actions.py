"""Every write of judging: rounds, panels, criteria, assignment, scores, recusal, closing, promotion."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.reviews.judging import messages, queries, registry
from portal.reviews.judging.models import (
    CriteriaSet,
    JudgedItem,
    JudgeProfile,
    JudgingStage,
    PanelJudge,
    Recusal,
    Sheet,
)
from portal.reviews.judging.rules import (
    COUNTING,
    LEAST_JUDGES,
    TO_DO,
    Kind,
    Outcome,
    SheetState,
    StageState,
    criteria_faults,
    results,
)
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

_lot = random.SystemRandom()


# -- preparing ---------------------------------------------------------------------------------------


def create_stage(
    *, actor: Any, code: str, subject_id: int, unit: Unit, title: str, kind: str, targets: Sequence[int], each: int,
    due_on: date, judges: Sequence[User], chair: User | None, contact: str = "", keep_share: int = 50,
    keep_number: int = 0, token: str | None = None, is_demo: bool = False,
) -> JudgingStage:  # fmt: skip
    """A round in preparation with its things numbered by lot. The same token again returns the first one."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, unit)
    known = JudgingStage.objects.filter(client_token=token).first() if token else None
    if known is not None:
        return known
    if not targets:
        raise WorkflowError(_("这一轮还没有可以评审的作品。"))
    if each < LEAST_JUDGES[Kind(kind)]:
        raise WorkflowError(
            _("%(kind)s每件至少要 %(n)d 位评委。") % {"kind": Kind(kind).label, "n": LEAST_JUDGES[Kind(kind)]}
        )
    try:
        with transaction.atomic():
            stage = JudgingStage.objects.create(
                code=code, subject_id=subject_id, unit=unit, title=title, kind=kind, each=each, due_on=due_on,
                contact=contact, keep_share=keep_share, keep_number=keep_number, created_by=actor, client_token=token,
                is_demo=is_demo,
            )  # fmt: skip
            _add_things(stage, targets)
            _write_panel(stage, judges, chair)
            record("judging.created", actor=actor, target=stage)
    except IntegrityError as error:
        known = JudgingStage.objects.filter(client_token=token).first() if token else None
        if known is not None:
            return known
        raise WorkflowError(_("这次征集的这一轮已经建过了。")) from error
    return stage


def _add_things(stage: JudgingStage, targets: Sequence[int]) -> None:
    buckets = registry.of(stage.code).buckets(targets)
    sets: dict[str, CriteriaSet] = {}
    for bucket in buckets.values():
        if bucket.criteria_key not in sets:
            items = [{"name": str(name), "weight": weight} for name, weight in bucket.criteria]
            sets[bucket.criteria_key] = CriteriaSet.objects.create(
                stage=stage, key=bucket.criteria_key, label=bucket.criteria_label, items=items
            )
    order = list(buckets)
    _lot.shuffle(order)
    JudgedItem.objects.bulk_create(
        JudgedItem(
            stage=stage, target_id=pk, number=number, bucket=buckets[pk].key, bucket_label=buckets[pk].label,
            criteria=sets[buckets[pk].criteria_key],
        )
        for number, pk in enumerate(order, 1)
    )  # fmt: skip


def set_panel(*, actor: Any, stage: JudgingStage, judges: Sequence[User], chair: User | None) -> None:
    """Who judges. Once scoring has begun, judges can be added but nobody who has sheets taken away."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    if stage.is_over:
        raise WorkflowError(_("打分已经结束，不能再改评委。"))
    with transaction.atomic():
        _write_panel(stage, judges, chair)
        record("judging.panel_set", actor=actor, target=stage, changed=["panel", "chair"])


def _write_panel(stage: JudgingStage, judges: Sequence[User], chair: User | None) -> None:
    if len(judges) < stage.each:
        raise WorkflowError(_("评委至少要 %(n)d 位（每件几位评委，就至少要几位）。") % {"n": stage.each})
    if chair is not None and chair.pk not in {user.pk for user in judges}:
        raise WorkflowError(_("组长要从评委里选。"))
    wanted = {user.pk for user in judges}
    leaving = stage.panel.exclude(judge_id__in=wanted)
    busy = Sheet.objects.filter(item__stage=stage, judge_id__in=leaving.values("judge_id"))
    if stage.is_scoring and busy.filter(state__in=COUNTING).exists():
        raise WorkflowError(_("打分已经开始，有任务的评委不能移出；请他本人申明回避，系统会找替补。"))
    busy.delete()
    leaving.delete()
    PanelJudge.objects.bulk_create(
        [PanelJudge(stage=stage, judge=user) for user in judges], ignore_conflicts=True
    )
    JudgingStage.objects.filter(pk=stage.pk).update(chair=chair)
    stage.chair = chair


def set_criteria(*, actor: Any, stage: JudgingStage, sets: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Names and weights of the criteria; only before judges begin. Each set must make 100."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    with transaction.atomic():
        if not JudgingStage.objects.filter(pk=stage.pk, status=StageState.PREPARING).update(
            writes=F("writes") + 1
        ):
            raise StaleState(_("打分已经开始，评分标准不能再改。"))
        for pk, items in sets.items():
            fault = criteria_faults(items)
            if fault:
                raise WorkflowError(fault)
            plain = [{"name": str(one["name"]).strip()[:40], "weight": int(one["weight"])} for one in items]
            CriteriaSet.objects.filter(pk=pk, stage=stage).update(items=plain)
        record("judging.criteria_set", actor=actor, target=stage, changed=["criteria"])


def assign(*, actor: Any, stage: JudgingStage) -> int:
    """One click: the plan of the fairness report becomes sheets. Pressed twice it adds nothing. Returns how many."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    if stage.is_over:
        raise StaleState(_("打分已经结束，不能再分配。"))
    drop_gone(stage)
    with transaction.atomic():
        seen = stage.writes
        if not JudgingStage.objects.filter(pk=stage.pk, writes=seen).update(writes=F("writes") + 1):
            raise StaleState(_("刚刚有人打分或分配过，请刷新后再点一次。"))
        stage.writes = seen + 1
        judges = queries.judges_for(stage)
        conflicts = queries.conflicts_of(stage, judges)
        report = queries.fairness_of(stage, conflicts)
        _keep_recusals(conflicts)
        Sheet.objects.bulk_create(
            [Sheet(item_id=item, judge_id=judge) for item, judge in report.plan.pairs], ignore_conflicts=True
        )
        record("judging.assigned", actor=actor, target=stage, details={"sheets": len(report.plan.pairs)})
        if stage.is_scoring:
            _tell(stage, report.plan.pairs, wave=str(stage.writes))
    return len(report.plan.pairs)


def _keep_recusals(conflicts: Mapping[tuple[int, int], str]) -> None:
    Recusal.objects.bulk_create(
        [
            Recusal(item_id=item, judge_id=judge, reason=reason[:200])
            for (item, judge), reason in conflicts.items()
        ],
        ignore_conflicts=True,
    )


def _tell(stage: JudgingStage, pairs: Iterable[tuple[int, int]], *, wave: str) -> None:
    numbers = Counter(judge for _item, judge in pairs)
    users = User.objects.filter(pk__in=numbers)
    messages.assigned(stage, [(user, numbers[user.pk]) for user in users], wave=wave)


def open_stage(*, actor: Any, stage: JudgingStage, reason: str = "") -> None:
    """Judges may begin, and are told. A round in which something lacks judges begins only with a reason."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    report = queries.fairness_of(stage)
    if report.plan.pairs:
        raise WorkflowError(_("还有作品没有分给评委，请先点“一键分配”。"))
    if report.short and not reason.strip():
        raise WorkflowError(_("有作品达不到规定的评委数，请增加评委，或写明照常开始的理由。"))
    with transaction.atomic():
        move(stage, "open", actor=actor, reason=reason)
        ids = list(stage.things.filter(is_gone=False).values_list("target_id", flat=True))
        entered = registry.of(stage.code).opened(stage, ids, actor)
        _let_go(stage, set(ids) - entered)
        pairs = Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=TO_DO)
        _tell(stage, pairs.values_list("item_id", "judge_id"), wave="open")


def _let_go(stage: JudgingStage, targets: set[int]) -> None:
    if not targets:
        return
    rows = stage.things.filter(target_id__in=targets, is_gone=False)
    Sheet.objects.filter(item__in=rows).update(state=SheetState.GONE, values={}, total=None, comment="")
    rows.update(is_gone=True)


def drop_gone(stage: JudgingStage) -> int:
    """What its author took back leaves the round; judges see it no more. Runs by the clock and before closing."""
    if stage.status != StageState.SCORING:
        return 0
    ids = list(stage.things.filter(is_gone=False).values_list("target_id", flat=True))
    gone = set(ids) - registry.of(stage.code).still_in(stage.kind, ids)
    with transaction.atomic():
        _let_go(stage, gone)
        if gone:
            record("judging.left", actor=SYSTEM, target=stage, details={"number": len(gone)})
    return len(gone)


# -- judging -----------------------------------------------------------------------------------------


def _own(sheet: Sheet, actor: Any) -> None:
    if sheet.judge_id != getattr(actor, "pk", None):
        raise PermissionDenied("another judge's sheet")
    scope_of(actor).require(Perm.JUDGE_SCORE, sheet)


def _while_scoring(stage: JudgingStage) -> None:
    """Touch the row of the round: closing waits for this score, and a score after closing is refused."""
    if not JudgingStage.objects.filter(pk=stage.pk, status=StageState.SCORING).update(writes=F("writes") + 1):
        raise StaleState(_("这一轮打分已经结束，不能再打分。"))


@transaction.atomic
def save_sheet(
    *, actor: Any, sheet: Sheet, values: Mapping[int, Decimal], comment: str = "", version: int, hand_in: bool
) -> Sheet:  # fmt: skip
    """Keep a draft, or hand the sheet in when every criterion has a score. Scores may be changed until the round closes.

    `version` is that of the page: the same page sent twice is one score, an older page than what is kept is refused.
    """
    _own(sheet, actor)
    stage = sheet.item.stage
    weights = [int(one["weight"]) for one in sheet.item.criteria.items]
    if any(
        not 0 <= number < len(weights) or not 0 <= value <= weights[number]
        for number, value in values.items()
    ):
        raise WorkflowError(_("有一项超出了分值范围。"))
    if hand_in and len(values) < len(weights):
        raise WorkflowError(_("还有 %(n)d 项没有打分。") % {"n": len(weights) - len(values)})
    if hand_in:
        _refuse_conflict(sheet, actor)
    _while_scoring(stage)
    state = SheetState.SUBMITTED if hand_in else SheetState.DRAFT
    fields: dict[str, Any] = {
        "values": {str(number): str(value) for number, value in sorted(values.items())}, "comment": comment.strip()[:300],
        "total": sum(values.values(), Decimal(0)) if hand_in else None,
        "submitted_at": timezone.now() if hand_in else None, "state": state,
    }  # fmt: skip
    sources = COUNTING if hand_in else TO_DO
    rows = Sheet.objects.filter(pk=sheet.pk, version=version, state__in=sources, item__is_gone=False)
    if not rows.update(**fields, version=version + 1):
        sheet.refresh_from_db()
        if sheet.state == state and sheet.values == fields["values"] and sheet.comment == fields["comment"]:
            return sheet
        if sheet.state not in COUNTING:
            raise StaleState(_("这件作品已不在您的评审任务里。"))
        raise StaleState(_("这件作品刚在另一个窗口保存过，请核对后再交。您填的还在下面。"))
    sheet.refresh_from_db()
    if hand_in:
        record("judging.scored", actor=actor, target=sheet, unit=stage.unit, changed=["scores"])
    return sheet


def _refuse_conflict(sheet: Sheet, actor: Any) -> None:
    """A role or a profile given since the assignment may have opened a way to the author."""
    found = registry.of(sheet.item.stage.code).conflicts([sheet.item.target_id], [actor])
    if any(True for _one in found):
        raise WorkflowError(_("按规定您需要回避这件作品，请点“回避”，系统会找替补。"))


def recuse(*, actor: Any, sheet: Sheet, reason: str) -> User | None:
    """回避 by the judge's own word: the sheet is emptied, a substitute is found and told. Returns the substitute."""
    _own(sheet, actor)
    if len(reason.strip()) < 2:
        raise WorkflowError(_("请写一句回避的理由。"))
    item, stage = sheet.item, sheet.item.stage
    with transaction.atomic():
        _while_scoring(stage)
        changed = Sheet.objects.filter(pk=sheet.pk, state__in=COUNTING).update(
            state=SheetState.RECUSED, values={}, total=None, comment="", version=F("version") + 1
        )
        if not changed:
            raise StaleState(_("这件作品已不在您的评审任务里。"))
        Recusal.objects.get_or_create(
            item=item, judge=actor, defaults={"reason": reason.strip()[:200], "declared": True}
        )
        record("judging.recused", actor=actor, target=sheet, unit=stage.unit, changed=["state"])
        substitute = queries.substitute_for(item)
        if substitute is None:
            record("judging.short", actor=actor, target=stage)
            return None
        new = Sheet.objects.create(item=item, judge=substitute, is_substitute=True)
        messages.assigned(stage, [(substitute, 1)], wave=f"sub:{new.pk}")
    return substitute


@transaction.atomic
def save_profile(*, actor: Any, work_unit: Unit | None, home_unit: Unit | None) -> JudgeProfile:
    """Where a judge works and lives; works from there are never given to them."""
    scope_of(actor).require(Perm.JUDGE_SCORE)
    profile, _created = JudgeProfile.objects.update_or_create(
        user=actor, defaults={"work_unit": work_unit, "home_unit": home_unit, "confirmed_at": timezone.now()}
    )
    record("judging.profile_saved", actor=actor, target=profile, changed=["work_unit", "home_unit"])
    return profile


# -- after the scores --------------------------------------------------------------------------------


def close_stage(*, actor: Any, stage: JudgingStage, reason: str = "") -> None:
    """End scoring, then reckon. Sheets that were not handed in count for nothing and need a reason."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    drop_gone(stage)
    with transaction.atomic():
        move(stage, "close", actor=actor, reason=reason, fields={"closed_at": timezone.now()})
        left = Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=TO_DO).count()
        if left and not reason.strip():
            raise WorkflowError(_("还有 %(n)d 份没有打分，请催一催，或写明提前结束的理由。") % {"n": left})
        _reckon(stage)


def _reckon(stage: JudgingStage) -> None:
    items = {item.pk: item for item in stage.things.filter(is_gone=False)}
    totals: dict[tuple[int, int], Decimal] = {}
    firsts: dict[tuple[int, int], Decimal] = {}
    for sheet in Sheet.objects.filter(item__in=items, state=SheetState.SUBMITTED):
        if sheet.total is None:
            continue
        totals[sheet.item_id, sheet.judge_id] = sheet.total
        firsts[sheet.item_id, sheet.judge_id] = Decimal(sheet.values["0"])
    found = results(totals, firsts, {pk: item.bucket for pk, item in items.items()})
    for pk, row in found.items():
        item = items[pk]
        item.count, item.raw, item.adjusted, item.first = row.count, row.raw, row.adjusted, row.first
        item.raw_rank, item.adjusted_rank, item.is_tied = row.raw_rank, row.adjusted_rank, row.tied
    JudgedItem.objects.bulk_update(
        items.values(),
        ["count", "raw", "adjusted", "first", "raw_rank", "adjusted_rank", "is_tied"],
        batch_size=200,
    )


def part_tie(*, actor: Any, stage: JudgingStage, order: Sequence[int], reason: str) -> None:
    """The chair puts equal ones in order and says why; without a chair who may judge them, the deciding unit does."""
    items = {item.pk: item for item in stage.things.filter(pk__in=order, is_tied=True, is_gone=False)}
    if (
        len(items) != len(order)
        or len(order) < 2
        or len({(i.bucket, i.raw_rank) for i in items.values()}) != 1
    ):
        raise WorkflowError(_("请把同分的作品排成 1、2、3……，每个数字只用一次。"))
    chair_may = stage.chair_id is not None and not any(
        queries.is_recused(item, stage.chair) for item in items.values()
    )
    if chair_may and getattr(actor, "pk", None) != stage.chair_id:
        raise PermissionDenied("the chair parts ties")
    if not chair_may:
        scope_of(actor).require(Perm.JUDGING_DECIDE, stage)
    if len(reason.strip()) < 2:
        raise WorkflowError(_("请写明排先后的理由，会记入评审记录。"))
    with transaction.atomic():
        if not JudgingStage.objects.filter(pk=stage.pk, status=StageState.CLOSED).update(
            writes=F("writes") + 1
        ):
            raise StaleState(_("名单已经定了，不能再排先后。"))
        for place, pk in enumerate(order, 1):
            JudgedItem.objects.filter(pk=pk).update(tie_order=place, tie_reason=reason.strip()[:200])
        numbers = [items[pk].shown_number for pk in order]
        record("judging.tie_parted", actor=actor, target=stage, details={"order": numbers, "reason": reason})


def finish(*, actor: Any, stage: JudgingStage, chosen: set[int]) -> None:
    """The last round needs no promotion: it ends with the award list. `chosen` are the targets on it."""
    if stage.status != StageState.CLOSED:
        return
    with transaction.atomic():
        move(stage, "decide", actor=actor)
        rows = stage.things.filter(is_gone=False)
        rows.filter(target_id__in=chosen).update(outcome=Outcome.PROMOTED)
        rows.exclude(target_id__in=chosen).update(outcome=Outcome.OUT)


def decide(*, actor: Any, stage: JudgingStage, promoted: set[int], reason: str = "") -> int:
    """People decide what goes on. Where they differ from the ranks they say why. Returns how many go on."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    if queries.open_ties_at_cut(stage):
        raise WorkflowError(_("晋级线上有同分的作品，请评委组长先定先后。"))
    items = list(stage.things.filter(is_gone=False))
    proposed = queries.proposal_of(stage)
    chosen = promoted & {item.pk for item in items}
    changed = proposed ^ chosen
    if changed and not reason.strip():
        raise WorkflowError(_("您的选择和按分数排出的不一样，请写明调整的理由。"))
    if not chosen:
        raise WorkflowError(_("至少要有一件晋级。"))
    with transaction.atomic():
        move(stage, "decide", actor=actor, reason=reason)
        for item in items:
            item.outcome = Outcome.PROMOTED if item.pk in chosen else Outcome.OUT
            item.outcome_reason = reason.strip()[:200] if item.pk in changed else ""
        JudgedItem.objects.bulk_update(items, ["outcome", "outcome_reason"], batch_size=200)
    return len(chosen)
