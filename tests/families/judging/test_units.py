"""优秀组织奖: by the plan, in division order, chosen by people, capped by the call, in the same public notice."""

import io
from datetime import datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader

from families.calls.actions import send_notice
from families.judging import actions, queries
from families.judging.models import UnitAward
from families.judging.rules import cap_for_units
from families.works.actions import own
from families.works.models import Work, WorkCall
from portal.access.actors import Visitor
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.journal.verbs import VERBS
from portal.reviews.judging import actions as judging
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.judging import make_accepted, make_scoring, score_all
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TIERS = [{"name": "一等奖", "share": 50, "most": None}, {"name": "优秀组织奖", "share": None, "most": 1}]


def test_cap_comes_from_the_row_of_the_call():
    assert cap_for_units([]) == 0
    assert cap_for_units(TIERS) == 1
    assert cap_for_units(TIERS[:1]) is None


@pytest.fixture
def listed(call, tree, staff, judges):
    """Three works of one county and one of another, a notice asking both for two; the list is a draft."""
    send_notice(actor=staff["manager"], call=call, units=[tree.pingding, tree.yuxian], wanted=2)
    WorkCall.objects.filter(pk=call.pk).update(award_tiers=TIERS)
    call.refresh_from_db()
    works = [make_accepted(call, tree, staff, phone=f"1380000{n:04d}") for n in range(3)]
    works.append(make_accepted(call, tree, staff, phone="13900000000", unit=tree.xiushui))
    stage = make_scoring(call, staff, judges)
    places = {work.pk: n for n, work in enumerate(works)}
    score_all(stage, lambda sheet: (str(30 - places[sheet.item.target_id]), "20", "20", "10"))
    judging.close_stage(actor=staff["manager"], stage=stage)
    return actions.draft_awards(actor=staff["manager"], call=call)


def publicise(row, staff):
    actions.propose(actor=staff["manager"], row=row)
    actions.confirm(actor=staff["decider"], row=row, first=timezone.localdate())


def after(row):
    day = datetime.combine(row.publicity_to + timedelta(days=1), datetime.min.time()).replace(hour=9)
    return time_machine.travel(timezone.make_aware(day), tick=True)


def tiers_of(row):
    return dict(row.awards.values_list("work_id", "tier"))


def test_who_fulfilled_the_plan_is_proposed_in_division_order(listed, tree):
    rows = queries.unit_rows(listed.call, tiers_of(listed))
    assert [(row.unit, row.plan, row.received, row.accepted, row.awarded, row.meets) for row in rows] == [
        (tree.pingding, 2, 3, 3, 2, True),
        (tree.yuxian, 2, 1, 1, 0, False),
    ]
    assert list(listed.unit_awards.values_list("unit", "received")) == [(tree.pingding.pk, 3)]


def test_more_than_the_cap_is_nobody_until_people_choose(listed, call, tree, staff):
    call.receipts.update(wanted=1)
    everything = list(call.works.values_list("pk", flat=True))
    rows = queries.unit_rows(call, everything)
    assert [(row.meets, row.is_proposed) for row in rows] == [(True, False), (True, False)]
    both = {tree.pingding.pk, tree.yuxian.pk}
    with pytest.raises(WorkflowError, match="最多 1"):
        actions.change_awards(
            actor=staff["manager"], row=listed, tiers=tiers_of(listed), reason="都好", contact="", units=both
        )


def test_a_unit_off_the_plan_needs_a_reason(listed, tree, staff, judges):
    change = {"row": listed, "tiers": tiers_of(listed), "contact": "", "units": {tree.yuxian.pk}}
    with pytest.raises(WorkflowError, match="理由"):
        actions.change_awards(actor=staff["manager"], reason="", **change)
    with pytest.raises(PermissionDenied):
        actions.change_awards(actor=judges[0], reason="新区起步", **change)
    actions.change_awards(actor=staff["manager"], reason="新区起步", **change)
    assert list(listed.unit_awards.values_list("unit_id", flat=True)) == [tree.yuxian.pk]
    actions.propose(actor=staff["manager"], row=listed)
    with pytest.raises(StaleState):
        actions.change_awards(actor=staff["manager"], reason="再改", **change)


def test_units_stand_in_the_notice_and_the_result_and_are_told(listed, tree, staff, client, enter):
    results = f"/works/calls/{listed.call.slug}/results/"
    base = f"/staff/judging/calls/{listed.call.slug}/awards/"
    manager = enter(staff["manager"])
    assert client.get(results).status_code == 404
    assert manager.get(f"{base}list.xlsx").status_code == 404
    publicise(listed, staff)
    page = client.get(results).content.decode()
    assert "优秀组织奖" in page
    assert tree.pingding.name in page
    assert manager.get(f"{base}letters.pdf").status_code == 404
    with after(listed):
        actions.announce(actor=staff["decider"], row=listed)
    told = JournalEntry.objects.get(verb="awards.unit_awarded")
    assert told.unit == tree.pingding
    answer = manager.get(f"{base}letters.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert tree.pingding.name in text
    assert listed.call.title in text
    sheet = openpyxl.load_workbook(io.BytesIO(manager.get(f"{base}list.xlsx").content)).active
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert {"优秀组织奖", tree.pingding.name} <= cells
    assert "一户家庭" in cells
    assert "张小三" not in cells  # its author did not consent to publication
    assert JournalEntry.objects.filter(verb="awards.exported").count() == 1
    outsider = enter(make_user(Role.CITY_OP, tree.pingding))
    assert outsider.get(f"{base}list.xlsx").status_code == 404
    assert outsider.get(f"{base}letters.pdf").status_code == 404


def test_an_objection_strikes_one_unit(listed, staff, client, enter):
    award = UnitAward.objects.get(list=listed)
    with pytest.raises(StaleState):
        actions.strike_unit(actor=staff["decider"], award=award, reason="代写")
    publicise(listed, staff)
    address = f"/staff/judging/calls/{listed.call.slug}/awards/strike_unit/"
    assert enter(staff["manager"]).post(address, {"award": award.pk, "reason": "代写"}).status_code == 403
    decider = enter(staff["decider"])
    assert decider.post(address, {"award": award.pk, "reason": ""}).status_code == 409
    assert decider.post(address, {"award": "x", "reason": "代写"}).status_code == 404
    assert decider.post(address, {"award": award.pk, "reason": "代写"}).status_code == 302
    award.refresh_from_db()
    assert award.struck_for == "代写"
    assert "优秀组织奖" not in client.get(f"/works/calls/{listed.call.slug}/results/").content.decode()
    with pytest.raises(StaleState):
        actions.strike_unit(actor=staff["decider"], award=award, reason="再一次")


def leave(row, staff, how):
    """The works of a list go during its notice, one after the other."""
    for award in row.awards.all():
        if how == "struck":
            actions.strike(actor=staff["decider"], award=award, reason="非原创")
        else:
            owner = Visitor("家庭", award.work.phone_hash)
            own.withdraw(actor=owner, work=Work.every.get(pk=award.work_id))
        run_all()
        yield list(JournalEntry.objects.filter(verb="awards.unit_in_doubt").values_list("unit", flat=True))


@pytest.mark.parametrize("how", ["struck", "withdrawn"])
def test_a_unit_whose_last_work_leaves_the_notice_is_decided_on_by_people(listed, tree, staff, enter, how):
    publicise(listed, staff)
    assert list(leave(listed, staff, how)) == [
        [],
        [tree.city.pk],
    ]  # one of its two works is still ground enough
    told = JournalEntry.objects.get(verb="awards.unit_in_doubt")
    assert VERBS[told.verb].tell == Perm.JUDGING_DECIDE
    award = UnitAward.objects.get(list=listed)
    assert award.in_doubt
    base = f"/staff/judging/calls/{listed.call.slug}/awards/"
    assert "待决定" in enter(staff["decider"]).get(base).content.decode()
    run_all()
    with after(listed):
        with pytest.raises(WorkflowError, match=tree.pingding.name):
            actions.announce(actor=staff["decider"], row=listed)
        listed.refresh_from_db()
        assert listed.status == "publicity"
        keep = f"{base}keep_unit/"
        assert (
            enter(staff["manager"]).post(keep, {"award": award.pk, "reason": "组织得好"}).status_code == 403
        )
        decider = enter(staff["decider"])
        assert decider.post(keep, {"award": award.pk, "reason": " "}).status_code == 409
        assert decider.post(keep, {"award": award.pk, "reason": "组织得好"}).status_code == 302
        assert "保留理由：组织得好" in decider.get(base).content.decode()
        award.refresh_from_db()
        assert (award.awarded, award.in_doubt, award.kept_for) == (0, False, "组织得好")
        assert decider.post(keep, {"award": award.pk, "reason": "再一次"}).status_code == 409
        actions.announce(actor=staff["decider"], row=listed)
    assert JournalEntry.objects.filter(verb="awards.unit_awarded").count() == 1


def owner_leaves(award):
    own.withdraw(actor=Visitor("家庭", award.work.phone_hash), work=Work.every.get(pk=award.work_id))


def test_works_that_left_before_the_notice_put_the_unit_in_doubt_with_its_first_day(
    listed, tree, staff, monkeypatch
):
    actions.propose(actor=staff["manager"], row=listed)
    for award in listed.awards.all():
        owner_leaves(award)
    run_all()
    award = UnitAward.objects.get(list=listed)
    assert not award.in_doubt
    actions.confirm(actor=staff["decider"], row=listed, first=timezone.localdate())
    run_all()
    award.refresh_from_db()
    assert award.in_doubt
    assert JournalEntry.objects.get(verb="awards.unit_in_doubt").target_id == str(listed.pk)
    found = queries.doubtful(listed)

    def struck_meanwhile(_row):
        UnitAward.objects.filter(pk=award.pk).update(struck_for="代写")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(queries, "doubtful", struck_meanwhile)
        with pytest.raises(StaleState, match="另一位同事"):
            actions.keep_unit(actor=staff["decider"], award=award, reason="组织得好")
    award.refresh_from_db()
    assert award.kept_for == ""


def test_a_doubt_that_is_over_is_cleared_and_may_come_again(listed, tree, staff):
    publicise(listed, staff)
    award = UnitAward.objects.get(list=listed)
    assert actions.doubt_units(listed) == 0
    rest = Work.objects.filter(call=listed.call, unit=tree.dongguan).exclude(
        pk__in=listed.awards.values("work_id")
    )
    for entry in listed.awards.all()[:1]:
        owner_leaves(entry)
    own.withdraw(
        actor=Visitor("家庭", rest.get().phone_hash), work=rest.get()
    )  # one is left of two asked for
    run_all()
    award.refresh_from_db()
    assert award.in_doubt
    back = make_accepted(listed.call, tree, staff, phone="13700000000")
    own.withdraw(actor=Visitor("家庭", back.phone_hash), work=Work.every.get(pk=back.pk))
    own.put_back(actor=Visitor("家庭", back.phone_hash), work=Work.every.get(pk=back.pk))
    run_all()
    award.refresh_from_db()
    assert not award.in_doubt
    actions.strike_unit(actor=staff["decider"], award=award, reason="代写")


def test_a_work_that_leaves_while_results_are_announced_leaves_nothing_half_done(listed, staff, monkeypatch):
    publicise(listed, staff)
    works = [award.work for award in listed.awards.all()]
    real = actions._listed

    def last_moment(row, state):
        Work.every.filter(pk__in=[work.pk for work in works]).update(status="withdrawn")
        return real(row, state)

    monkeypatch.setattr(actions, "_listed", last_moment)
    with after(listed), pytest.raises(WorkflowError, match="请先决定"):
        actions.announce(actor=staff["decider"], row=listed)
    listed.refresh_from_db()
    assert listed.status == "publicity"


def test_the_page_keeps_what_was_ticked(listed, tree, staff, enter):
    client = enter(staff["manager"])
    base = f"/staff/judging/calls/{listed.call.slug}/awards/"
    form = client.get(base).context["form"]
    assert [ticked for _row, ticked in form.unit_lines] == [True, False]
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("tier_")}
    data |= {"reason": "", "contact": "", "action": "save", "form_token": "", "units": [tree.yuxian.unit_no]}
    answer = client.post(base, data)
    assert answer.status_code == 409
    assert [ticked for _row, ticked in answer.context["form"].unit_lines] == [False, True]
    assert client.post(base, {**data, "reason": "新区起步"}).status_code == 302
    assert list(listed.unit_awards.values_list("unit_id", flat=True)) == [tree.yuxian.pk]
