"""Before judges begin: a round, its panel and criteria, the one click, the start."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.judging import messages, queries, registry
from portal.reviews.judging.actions.leaving import drop_gone, let_go
from portal.reviews.judging.models import (
    CriteriaSet,
    JudgedItem,
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
    StageState,
    criteria_faults,
)
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

_lot = random.SystemRandom()


@once(JudgingStage, taken=lambda: WorkflowError(_("这次征集的这一轮已经建过了。")))
def create_stage(
    *, actor: Any, code: str, subject_id: int, unit: Unit, title: str, kind: str, targets: Sequence[int], each: int,
    due_on: date, judges: Sequence[User], chair: User | None, contact: str = "", keep_share: int = 50,
    keep_number: int = 0, token: str | None = None, is_demo: bool = False,
) -> JudgingStage:  # fmt: skip
    """A round in preparation with its things numbered by lot. The same token again returns the first one."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, unit)
    if not targets:
        raise WorkflowError(_("这一轮还没有可以评审的作品。"))
    if each < LEAST_JUDGES[Kind(kind)]:
        raise WorkflowError(
            _("%(kind)s每件至少要 %(n)d 位评委。") % {"kind": Kind(kind).label, "n": LEAST_JUDGES[Kind(kind)]}
        )
    stage = JudgingStage.objects.create(
        code=code, subject_id=subject_id, unit=unit, title=title, kind=kind, each=each, due_on=due_on,
        contact=contact, keep_share=keep_share, keep_number=keep_number, created_by=actor, client_token=token,
        is_demo=is_demo,
    )  # fmt: skip
    add_things(stage, targets)
    _write_panel(stage, judges, chair)
    record("judging.created", actor=actor, target=stage)
    return stage


def add_things(stage: JudgingStage, targets: Sequence[int]) -> dict[int, JudgedItem]:
    """Number things by lot, behind those that are there; returns target → item. A kind of thing that is new to the
    round brings its criteria along: as this subject's last round had them, else the defaults. What left the round and
    comes back keeps its number, and is given out anew."""
    found = registry.of(stage.code).buckets(targets)
    sets = {one.key: one for one in stage.criteria.all()}
    before = queries.criteria_before(stage)
    for bucket in found.values():
        if bucket.criteria_key not in sets:
            items = [{"name": str(name), "weight": weight} for name, weight in bucket.criteria]
            sets[bucket.criteria_key] = CriteriaSet.objects.create(
                stage=stage, key=bucket.criteria_key, label=bucket.criteria_label,
                items=before.get(bucket.criteria_key, items),
            )  # fmt: skip
    back = stage.things.filter(target_id__in=list(found), is_gone=True)
    Sheet.objects.filter(item__in=back).delete()
    again = list(back)
    for item in again:  # what changed meanwhile may have brought it into another group
        item.is_gone, bucket = False, found[item.target_id]
        item.bucket, item.bucket_label, item.criteria = bucket.key, bucket.label, sets[bucket.criteria_key]
    JudgedItem.objects.bulk_update(again, ["is_gone", "bucket", "bucket_label", "criteria"])
    known = {item.target_id for item in again}
    order = [pk for pk in found if pk not in known]
    _lot.shuffle(order)
    last = stage.things.aggregate(last=Max("number"))["last"] or 0
    JudgedItem.objects.bulk_create(
        JudgedItem(
            stage=stage, target_id=pk, number=number, bucket=found[pk].key, bucket_label=found[pk].label,
            criteria=sets[found[pk].criteria_key],
        )
        for number, pk in enumerate(order, last + 1)
    )  # fmt: skip
    return {item.target_id: item for item in stage.things.filter(target_id__in=list(found))}


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
        keep_recusals(conflicts)
        Sheet.objects.bulk_create(
            [Sheet(item_id=item, judge_id=judge) for item, judge in report.plan.pairs], ignore_conflicts=True
        )
        record("judging.assigned", actor=actor, target=stage, details={"sheets": len(report.plan.pairs)})
        if stage.is_scoring:
            tell_judges(stage, report.plan.pairs, wave=str(stage.writes))
    return len(report.plan.pairs)


def keep_recusals(conflicts: Mapping[tuple[int, int], str]) -> None:
    """(item, judge) → reason, kept for the report of the round."""
    Recusal.objects.bulk_create(
        [
            Recusal(item_id=item, judge_id=judge, reason=reason[:200])
            for (item, judge), reason in conflicts.items()
        ],
        ignore_conflicts=True,
    )


def tell_judges(stage: JudgingStage, pairs: Iterable[tuple[int, int]], *, wave: str) -> None:
    """Every judge of these (item, judge) pairs, with how many wait for them."""
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
        let_go(stage, set(ids) - entered)
        pairs = Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=TO_DO)
        tell_judges(stage, pairs.values_list("item_id", "judge_id"), wave="open")
