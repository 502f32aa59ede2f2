"""The demo: whole, the same for the same seed, nothing doubled by a second start, marked as demo."""

import json
import random
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.demo import logs, yangquan2022, yuping
from campaigns.packages.models import Package
from campaigns.planning.models import Campaign, LeadingGroup, PolicyDocument
from families.search.actions import compare
from families.works.models import Work
from portal.accounts.models import User
from portal.dashboards.recount import checks
from portal.demo.people import ACCOUNTS
from portal.grants.models import Grant
from portal.journal.queries import faults
from portal.units.models import Unit


@pytest.mark.django_db
def test_demo_is_refused_where_it_does_not_belong(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="no place in production"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_demo_is_built_once_and_every_figure_is_true(settings, tmp_path, capsys):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    call_command("seed_demo", seed=7)
    told = json.loads(Path(tmp_path, "demo-accounts.json").read_text("utf-8"))
    assert f"password: {told['password']}" in capsys.readouterr().out
    assert {account["username"] for account in told["accounts"]} == {row[0] for row in ACCOUNTS}
    assert sum("totp_secret" in account for account in told["accounts"]) == 3
    before = _counts()
    call_command("seed_demo", seed=7)
    assert _counts() == before
    assert json.loads(Path(tmp_path, "demo-accounts.json").read_text("utf-8")) == told
    _holds_the_sources()
    city = Unit.objects.filter(unit_no="140300000000")
    assert [check for check in checks(city) if not check.is_equal] == []
    assert list(faults()) == []
    index = compare(mend=False)
    assert index.works > 0 and index.total == 0


def _counts():
    models = (User, Grant, Unit, Campaign, Activity, Work)
    return {model.__name__: model._default_manager.count() for model in models}


def _holds_the_sources():
    for module in (yangquan2022, yuping):
        for fact in module.ACTIVITIES:
            row = Activity.objects.get(title=fact["title"], unit__unit_no=fact["unit"])
            assert row.is_demo
            assert row.headcount == fact.get("headcount")
            assert row.online_visits == fact.get("online_visits")
            assert {partner.name for partner in row.partners.all()} == set(fact.get("partners", []))
    national_defence = Activity.objects.get(title__contains="国防", headcount=20000)
    assert national_defence.headcount_estimated
    assert national_defence.partners.count() == 5
    assert LeadingGroup.objects.get(campaign__slug="qinglian-2022").members.count() == 1
    policy = PolicyDocument.objects.get(campaign__slug="qinglian-2022")
    assert policy.title == "关于在全市开展清廉家庭创建活动的指导意见"
    assert policy.receipts.filter(confirmed_at__isnull=False).count() == 6
    newest = PolicyDocument.objects.get(version=2)
    assert set(newest.receipts.filter(confirmed_at=None).values_list("unit__short_name", flat=True)) == {
        "矿区",
        "高新区",
    }
    assert {package.name: package.items.count() for package in Package.objects.all()} == {
        "青年干部“六个一”家庭助廉": 6, "盂县“七个一”清廉家庭创建": 7, "平定县“四个一”家庭助廉": 4,
    }  # fmt: skip
    meeting = Activity.objects.get(title__contains="再安排再部署")
    assert meeting.tags.filter(tag_set__name="重点工作").count() == 3
    ahead = Activity.objects.filter(starts_at__gt=timezone.now() + timezone.timedelta(days=1))
    assert not ahead.exclude(status="draft").exists()  # drafts of key dates wait for their day


def test_same_seed_gives_the_same_rows():
    unit = Unit(short_name="东关社区", level=5)
    plans = [
        logs.plan(random.Random(3), unit, year=2026, count=40, until=date(2026, 11, 23)) for _ in range(2)
    ]
    assert plans[0] == plans[1]
    assert all(row["starts_at"].date() <= date(2026, 11, 23) for row in plans[0])
