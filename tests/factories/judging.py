"""Accepted works, judges and rounds."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from families.judging.actions import new_stage
from families.works.actions.review import accept, pass_format
from families.works.models import Work, WorkCall
from portal.access.roles import Role
from portal.accounts.models import User
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import make_work


def make_staff(tree: Tree) -> dict[str, User]:
    """Who organises, who decides, and a second reviewer."""
    return {
        "manager": make_user(Role.CITY_OP, tree.city),
        "decider": make_user(Role.CITY_REVIEWER, tree.city),
        "second": make_user(Role.CITY_REVIEWER, tree.city),
    }


def make_judges(tree: Tree, number: int) -> list[User]:
    """Accounts with the role of a judge."""
    return [make_user(Role.JUDGE, tree.city, display_name=f"评委第{n}") for n in range(number)]


def make_accepted(call: WorkCall, tree: Tree, staff: dict[str, User], **fields: Any) -> Work:
    """A work that two people accepted; kept by the organisation unless said otherwise."""
    unit = fields.pop("unit", tree.dongguan)
    work = make_work(call, unit, **{"audience": "organisation", **fields})
    pass_format(actor=staff["decider"], work=work)
    if not work.wants_public:
        accept(actor=staff["second"], work=work)
    work.refresh_from_db()
    return work


def make_stage(call: WorkCall, staff: dict[str, User], judges: list[User], **fields: Any) -> JudgingStage:
    """A round in preparation."""
    fields = {"kind": "first", "each": 3, "chair": judges[0], **fields}
    due = fields.pop("due_on", timezone.localdate() + timedelta(days=10))
    return new_stage(actor=staff["manager"], call=call, judges=judges, due_on=due, **fields)


def make_scoring(call: WorkCall, staff: dict[str, User], judges: list[User], **fields: Any) -> JudgingStage:
    """A round in which judges score."""
    stage = make_stage(call, staff, judges, **fields)
    actions.assign(actor=staff["manager"], stage=stage)
    actions.open_stage(actor=staff["manager"], stage=stage)
    return stage


def score(sheet: Sheet, *values: str, hand_in: bool = True) -> Sheet:
    """Hand a sheet in with these scores."""
    sheet.refresh_from_db()
    return actions.save_sheet(
        actor=sheet.judge, sheet=sheet, values={n: Decimal(v) for n, v in enumerate(values)}, version=sheet.version,
        hand_in=hand_in,
    )  # fmt: skip


def score_all(stage: JudgingStage, of: Any) -> None:
    """Hand in every open sheet with the scores `of(sheet)` gives."""
    rows = Sheet.objects.filter(item__stage=stage).exclude(state__in=(SheetState.RECUSED, SheetState.GONE))
    for sheet in rows.select_related("item__stage", "item__criteria", "judge"):
        score(sheet, *of(sheet))
