"""Add, rename, close, move, merge: with refusal beside success, history, and scope that follows."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs.actions import enqueue
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.units import actions, impact, queries
from portal.units.models import ChangeKind, Level, Unit, UnitChange, UnitKind
from portal.units.rules import Refused
from tests.factories.people import give
from tests.factories.units import make_unit

pytestmark = pytest.mark.django_db


def fresh(unit):
    return Unit.objects.get(pk=unit.pk)


def verbs():
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


def below(unit):
    return {one.short_name for one in queries.children_in_order(fresh(unit))}


class TestAdd:
    def test_township_keeps_its_villages(self, tree, person):
        officer = person(Role.TOWNSHIP_OP, tree.guanshan)
        unit = actions.add_unit(
            parent=tree.guanshan,
            name="新村妇联",
            short_name="新村",
            level=Level.VILLAGE,
            actor=officer,
            reason="县妇联批复",
        )
        assert unit.unit_no == "140321100000-01"
        assert Unit.objects.get_parent(unit) == tree.guanshan
        assert UnitChange.objects.get(unit=unit).kind == ChangeKind.ADD
        assert verbs() == ["unit.added"]
        second = actions.add_unit(
            parent=tree.guanshan, name="又新村妇联", short_name="又新村", level=Level.VILLAGE, actor=officer,
            unit_no="140321100203",
        )  # fmt: skip
        assert second.unit_no == "140321100203"

    def test_township_adds_nothing_elsewhere_or_higher(self, tree, person):
        officer = person(Role.TOWNSHIP_OP, tree.guanshan)
        for parent, level in ((tree.xiushui, Level.VILLAGE), (tree.pingding, Level.TOWNSHIP)):
            with pytest.raises(PermissionDenied):
                actions.add_unit(parent=parent, name="甲妇联", short_name="甲", level=level, actor=officer)
        assert verbs() == []

    def test_same_form_twice_makes_one_unit(self, tree, person):
        officer = person(Role.TOWNSHIP_OP, tree.guanshan)
        make = {"parent": tree.guanshan, "name": "新村妇联", "short_name": "新村", "level": Level.VILLAGE}
        first = actions.add_unit(**make, actor=officer, client_token="t1")
        assert actions.add_unit(**make, actor=officer, client_token="t1") == first

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"level": Level.TOWNSHIP}, "级别应低于"),
            ({"unit_no": "140321"}, "12 位数字"),
            ({"unit_no": "140322100001"}, "不在冠山镇妇联的代码范围内"),
            ({"unit_no": "140321100001"}, "已经是东关社区妇联的编号"),
        ],
    )
    def test_impossible_unit_is_refused(self, tree, fields, sentence):
        make = {
            "parent": tree.guanshan,
            "name": "新村妇联",
            "short_name": "新村",
            "level": Level.VILLAGE,
            **fields,
        }
        with pytest.raises(Refused, match=sentence):
            actions.add_unit(**make, actor=SYSTEM)

    def test_area_below_an_office_is_refused(self, tree):
        with pytest.raises(Refused, match="不是地方妇联"):
            actions.add_unit(parent=tree.office, name="某村妇联", short_name="某村", level=5, actor=SYSTEM)
        team = actions.add_unit(
            parent=tree.office,
            name="宣讲队",
            short_name="宣讲队",
            level=Level.COUNTY,
            kind=UnitKind.TEAM,
            actor=SYSTEM,
        )
        assert team.unit_no == "140300000000-01-01"


class TestRename:
    def test_county_renames_a_township_and_the_old_name_is_found(self, tree, person):
        officer = person(Role.COUNTY_OP, tree.pingding)
        actions.rename(
            unit=tree.guanshan, name="冠山街道妇联", short_name="冠山街道", actor=officer, reason="撤镇设街道"
        )
        unit = fresh(tree.guanshan)
        assert (unit.short_name, unit.aliases) == ("冠山街道", ["冠山镇", "冠山镇妇联"])
        assert "冠山镇" in unit.search
        assert " gsjd" in unit.search
        change = unit.changes.get()
        assert change.before["name"] == "冠山镇妇联"
        assert change.after["name"] == "冠山街道妇联"
        assert verbs() == ["unit.renamed"]

    def test_nobody_renames_the_own_unit(self, tree, person):
        with pytest.raises(PermissionDenied):
            actions.rename(
                unit=tree.pingding,
                name="大妇联",
                short_name="大",
                actor=person(Role.COUNTY_OP, tree.pingding),
            )

    def test_same_name_is_refused(self, tree):
        with pytest.raises(Refused, match="相同"):
            actions.rename(unit=tree.guanshan, name="冠山镇妇联", short_name="冠山镇", actor=SYSTEM)


class TestClose:
    def test_closing_ends_roles_and_keeps_the_row(self, tree, person):
        village = person(Role.VILLAGE_OP, tree.dongguan)
        change = actions.close(
            unit=tree.dongguan, actor=person(Role.TOWNSHIP_OP, tree.guanshan), reason="并村"
        )
        assert fresh(tree.dongguan).is_closed
        assert change.applied_at
        assert change.impact["在岗人员"] == 1
        assert not scope_of(village, fresh=True).has(Perm.UNIT_VIEW)
        assert verbs() == ["unit.closed"]

    def test_unit_with_units_below_stays(self, tree):
        with pytest.raises(Refused, match="还有 2 个下级单位"):
            actions.close(unit=tree.guanshan, actor=SYSTEM)
        assert not fresh(tree.guanshan).is_closed

    def test_township_closes_villages_but_no_townships(self, tree, person):
        with pytest.raises(PermissionDenied):
            actions.close(unit=tree.xiushui, actor=person(Role.COUNTY_OP, tree.yuxian))

    def test_closed_unit_changes_no_more(self, tree):
        actions.close(unit=tree.dongguan, actor=SYSTEM)
        with pytest.raises(Refused, match="已经撤销"):
            actions.rename(unit=tree.dongguan, name="甲妇联", short_name="甲", actor=SYSTEM)


class TestMove:
    def test_scope_follows_the_move(self, tree, person):
        old, new = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
        assert scope_of(old).may(Perm.UNIT_VIEW, tree.dongguan)
        actions.move(
            unit=tree.guanshan, parent=tree.yuxian, actor=person(Role.CITY_OP, tree.city), reason="区划调整"
        )
        village = fresh(tree.dongguan)
        assert not scope_of(old, fresh=True).may(Perm.UNIT_VIEW, village)
        assert scope_of(new, fresh=True).may(Perm.UNIT_VIEW, village)
        names = set(scope_of(new).rows(Unit, Perm.UNIT_VIEW).values_list("short_name", flat=True))
        assert {"冠山镇", "东关社区", "南关社区"} <= names
        assert below(tree.pingding) == set()
        assert fresh(tree.pingding).numchild == 0
        assert not any(Unit.objects.find_problems())
        assert verbs() == ["unit.moved", "unit.left"]
        assert JournalEntry.objects.get(verb="unit.left").unit == tree.pingding
        change = UnitChange.objects.get()
        assert (change.before["parent"], change.after["parent"]) == (
            tree.pingding.unit_no,
            tree.yuxian.unit_no,
        )
        assert change.impact["units"] == 3

    def test_county_moves_a_village_between_its_townships_only(self, tree, person):
        other = make_unit(tree.pingding, "140321101000", "冶西镇", Level.TOWNSHIP)
        officer = person(Role.COUNTY_OP, tree.pingding)
        actions.move(unit=tree.dongguan, parent=other, actor=officer)
        assert below(other) == {"东关社区"}
        with pytest.raises(PermissionDenied):
            actions.move(unit=tree.nanguan, parent=tree.xiushui, actor=officer)

    @pytest.mark.parametrize(
        ("unit", "parent", "sentence"),
        [
            ("pingding", "guanshan", "不能把上级放到下级里"),
            ("pingding", "pingding", "不能放到自己下面"),
            ("guanshan", "pingding", "本来就隶属"),
            ("dongguan", "nanguan", "级别应低于"),
            ("guanshan", "office", "不是地方妇联"),
        ],
    )
    def test_impossible_move_is_refused(self, tree, unit, parent, sentence):
        with pytest.raises(Refused, match=sentence):
            actions.move(unit=getattr(tree, unit), parent=getattr(tree, parent), actor=SYSTEM)
        assert verbs() == []

    def test_closed_parent_is_refused(self, tree):
        actions.close(unit=tree.zone, actor=SYSTEM)
        with pytest.raises(Refused, match="已经撤销"):
            actions.move(unit=tree.guanshan, parent=tree.zone, actor=SYSTEM)


class TestMerge:
    def test_children_divisions_and_roles_go_to_the_survivor(self, tree, person):
        officer = person(Role.TOWNSHIP_OP, tree.guanshan)
        both = person(Role.TOWNSHIP_REVIEWER, tree.guanshan)
        kept = give(both, Role.TOWNSHIP_REVIEWER, tree.xiushui)
        actions.merge(
            unit=tree.guanshan, into=tree.xiushui, actor=person(Role.CITY_OP, tree.city), reason="批复"
        )
        closed, survivor = fresh(tree.guanshan), fresh(tree.xiushui)
        assert closed.is_closed
        assert closed.replaced_by == survivor
        assert below(survivor) == {"东关社区", "南关社区"}
        assert {one.code for one in survivor.divisions.all()} == {"140321100000", "140322100000"}
        assert closed.path.startswith(survivor.path)
        assert officer.grants.get().unit == survivor
        assert list(both.grants.filter(ended_at__isnull=True)) == [kept]
        assert not any(Unit.objects.find_problems())
        change = UnitChange.objects.get()
        assert change.before["children"] == ["140321100001", "140321100002"]
        assert verbs() == ["unit.merged", "unit.left"]

    @pytest.mark.parametrize(
        ("unit", "into", "sentence"),
        [
            ("guanshan", "guanshan", "与自己合并"),
            ("pingding", "guanshan", "不能把上级"),
            ("pingding", "xiushui", "级别高于"),
        ],
    )
    def test_impossible_merge_is_refused(self, tree, unit, into, sentence):
        with pytest.raises(Refused, match=sentence):
            actions.merge(unit=getattr(tree, unit), into=getattr(tree, into), actor=SYSTEM)

    def test_county_merges_villages_but_not_townships(self, tree, person):
        officer = person(Role.COUNTY_OP, tree.pingding)
        actions.merge(unit=tree.nanguan, into=tree.dongguan, actor=officer)
        assert fresh(tree.nanguan).replaced_by == tree.dongguan
        other = make_unit(tree.pingding, "140321101000", "冶西镇", Level.TOWNSHIP)
        with pytest.raises(PermissionDenied):
            actions.merge(unit=tree.guanshan, into=other, actor=officer)


class TestPlanned:
    def test_future_change_waits_for_its_day(self, tree, person):
        today = date(2026, 3, 1)
        with time_machine.travel("2026-03-01 09:00+08:00", tick=False):
            city = person(Role.CITY_OP, tree.city)
            change = actions.move(
                unit=tree.guanshan, parent=tree.yuxian, actor=city, effective_on=today + timedelta(days=10)
            )
            assert change.is_planned
            assert below(tree.pingding) == {"冠山镇"}
            assert actions.apply_due() == {"applied": 0, "failed": 0}
            with pytest.raises(Refused, match="已安排 2026-03-11 调整隶属"):
                actions.rename(unit=tree.guanshan, name="甲妇联", short_name="甲", actor=city)
        with time_machine.travel("2026-03-11 00:30+08:00", tick=False):
            enqueue("units.apply_changes")
            run_all()
        assert below(tree.yuxian) == {"秀水镇", "冠山镇"}
        assert verbs() == ["unit.change_planned", "unit.moved", "unit.left"]
        assert not any(Unit.objects.find_problems())

    def test_past_date_applies_now(self, tree):
        change = actions.close(unit=tree.dongguan, actor=SYSTEM, effective_on=date(2020, 1, 1))
        assert change.applied_at
        assert fresh(tree.dongguan).closed_on == date(2020, 1, 1)

    def test_date_before_the_unit_existed_is_refused(self, tree):
        Unit.objects.filter(pk=tree.dongguan.pk).update(opened_on=date(2021, 5, 1))
        with pytest.raises(Refused, match="2021-05-01"):
            actions.close(unit=tree.dongguan, actor=SYSTEM, effective_on=date(2020, 1, 1))

    def test_cancelled_change_never_happens(self, tree, person):
        with time_machine.travel("2026-03-01 09:00+08:00", tick=False):
            officer = person(Role.COUNTY_OP, tree.pingding)
            change = actions.rename(
                unit=tree.guanshan,
                name="甲妇联",
                short_name="甲",
                actor=officer,
                effective_on=date(2026, 4, 1),
            )
            with pytest.raises(PermissionDenied):
                actions.cancel(change=change, actor=person(Role.COUNTY_OP, tree.yuxian))
            actions.cancel(change=change, actor=officer)
            with pytest.raises(Refused):
                actions.cancel(change=change, actor=officer)
        with time_machine.travel("2026-04-02 09:00+08:00", tick=False):
            assert actions.apply_due() == {"applied": 0, "failed": 0}
        assert fresh(tree.guanshan).short_name == "冠山镇"

    def test_change_that_became_impossible_says_why(self, tree):
        with time_machine.travel("2026-03-01 09:00+08:00", tick=False):
            change = actions.move(
                unit=tree.guanshan, parent=tree.yuxian, actor=SYSTEM, effective_on=date(2026, 4, 1)
            )
        Unit.objects.filter(pk=tree.yuxian.pk).update(closed_on=date(2026, 3, 15))
        with time_machine.travel("2026-04-02 09:00+08:00", tick=False):
            assert actions.apply_due() == {"applied": 0, "failed": 1}
            assert actions.apply_due() == {"applied": 0, "failed": 0}
        change.refresh_from_db()
        assert "盂县妇联已经撤销" in change.failure
        assert verbs()[-1] == "unit.change_failed"
        assert below(tree.pingding) == {"冠山镇"}


def test_impact_counts_what_slices_registered(tree, person, monkeypatch):
    person(Role.VILLAGE_OP, tree.dongguan)
    monkeypatch.setattr(impact, "_counts", dict(impact._counts))
    impact.register("活动", lambda units: units.count() * 10)
    found = impact.of(fresh(tree.guanshan))
    assert found.units == 3
    assert {"在岗人员": 1, "活动": 30}.items() <= dict(found.rows).items()
