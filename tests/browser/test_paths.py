"""The four paths that people walk, in a real browser: log an activity, send a motto, bring it to the public,
see it on the dashboard and open the rows behind the number."""

import re

import pytest
from django.utils import timezone

from campaigns.activities.models import Activity
from families.works.models import Work
from families.works.rules import Audience, PublishState, Status
from portal.jobs.runner import run_all
from portal.publication.models import Publication
from tests.browser.conftest import PHONE, WIDE, looks_right, sign_in


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_county_officer_logs_an_activity_and_a_colleague_approves_it(open_page, staff, size):
    page = open_page(size)
    sign_in(page, "county")
    page.goto("/staff/activities/new/")
    looks_right(page)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "东关社区")
    page.fill("[name=headcount]", "64")
    page.fill("[name=summary]", "从三件家常小事讲廉洁。")
    page.get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    looks_right(page)
    activity = Activity.objects.get()
    assert (activity.headcount, activity.place, activity.status) == (64, "东关社区", "submitted")
    assert "东关社区" in activity.title

    second = open_page(size)
    sign_in(second, "county_review")
    second.goto(f"/staff/activities/{activity.no}/")
    looks_right(second)
    second.get_by_role("button", name="通过").first.click()
    second.wait_for_load_state()
    activity.refresh_from_db()
    assert activity.status == "county_ok"


def test_activity_survives_a_closed_browser(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    page.goto("/staff/activities/new/")
    page.fill("[name=place]", "南关社区")
    page.fill("[name=summary]", "写到一半，手机没电了")
    page.locator("label[for=id_summary] [data-kept]").wait_for()
    again = page.context.new_page()
    page.close()
    again.goto("/staff/activities/new/")
    assert again.input_value("[name=summary]") == "写到一半，手机没电了"


def test_an_activity_takes_less_than_a_minute_and_eight_fields_on_a_phone(open_page, staff):
    """Counted as a person does it: every field filled in or pressed, from the open form to the answer."""
    page = open_page(PHONE)
    sign_in(page, "county")
    page.goto("/staff/activities/new/")
    shown = page.locator(
        "form[data-activity] input:visible, form[data-activity] select:visible, form[data-activity] textarea:visible"
    )
    names = {shown.nth(number).get_attribute("name") for number in range(shown.count())}
    assert names - {None, "headcount_estimated"} <= {
        "kind", "place", "starts_at", "headcount", "campaign", "summary", "photos", "title",
    }  # fmt: skip
    begun, steps = timezone.now(), 0
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "东关社区")
    page.get_by_role("button", name="昨天").click()
    page.fill("[name=headcount]", "近2百")
    page.fill("[name=summary]", "从三件家常小事讲廉洁。")
    steps = 5
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done/")
    assert steps <= 8
    assert (timezone.now() - begun).total_seconds() < 60
    activity = Activity.objects.get()
    assert (activity.headcount, activity.headcount_estimated, activity.status) == (200, True, "submitted")


def test_what_is_sent_without_a_network_is_kept_and_goes_out_once(open_page, staff):
    """Offline in the middle of typing: each field says where it is kept; 提交 keeps it on the phone and says so;
    back online it goes out by itself, and sending it again makes no second record."""
    page = open_page(PHONE)
    sign_in(page, "county")
    page.goto("/staff/activities/new/")
    page.fill("[name=place]", "南关社区")
    page.locator("label[for=id_place] [data-kept=server]").wait_for()
    page.context.set_offline(True)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=headcount]", "64")
    page.locator("label[for=id_headcount] [data-kept=device]").wait_for()
    page.get_by_role("button", name="提交").click()
    note = page.locator("[data-offline-note]")
    note.wait_for()
    assert "已存在本机，联网后自动提交" in note.inner_text()
    page.get_by_role("button", name="提交").click()
    assert not Activity.objects.exists()
    page.context.set_offline(False)
    page.wait_for_url("**/done/")
    activity = Activity.objects.get()
    assert (activity.place, activity.headcount, activity.status) == ("南关社区", 64, "submitted")
    page.goto("/staff/activities/new/")
    page.wait_for_timeout(1000)
    assert page.input_value("[name=headcount]") == ""
    assert Activity.objects.count() == 1


def test_kept_form_goes_out_after_the_browser_was_closed(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    page.goto("/staff/activities/new/")
    page.context.set_offline(True)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "西关社区")
    page.fill("[name=headcount]", "30")
    page.get_by_role("button", name="提交").click()
    page.locator("[data-offline-note]").wait_for()
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto("/staff/activities/new/")
    again.wait_for_url("**/done/")
    assert [row.place for row in Activity.objects.all()] == ["西关社区"]


def _fill_motto(page, *, motto="一粥一饭，当思来处不易"):
    page.fill("[name=text]", motto)
    page.fill("[name=story]", "爷爷写在堂屋墙上，每年过年全家念一遍。")
    page.fill("[name=title]", "朱子家训一则")
    page.fill("[name=author_name]", "买买提·𬀩")
    page.fill("[name=birth_ym]", "1980-05")
    area = page.locator("[name=area]")
    area.select_option(index=1) if area.evaluate("node => node.tagName") == "SELECT" else area.fill("平定县")
    page.locator("[name=audience][value=public]").check()
    for name in ("consent_processing", "consent_publication", "licence"):
        page.locator(f"input[name={name}]").check()
    page.fill("[name=phone]", "13812345678")


def _answer(page):
    words = page.locator("[data-proof-question] label").inner_text()
    numerals = "零一二三四五六七八九十"
    first, second = re.search(r"([一二三四五六七八九十])加([一二三四五六七八九十])", words).groups()
    page.fill("[name=captcha_answer]", str(numerals.index(first) + numerals.index(second)))


@pytest.mark.parametrize(
    ("size", "scripts"), [(PHONE, True), (WIDE, True), (PHONE, False)], ids=["390", "1440", "390-no-js"]
)
def test_family_sends_its_motto(open_page, place, settings, size, scripts):
    settings.DEMO = True
    page = open_page(size, scripts=scripts)
    page.goto("/works/calls/jiaxun/")
    if scripts:
        looks_right(page)
    page.goto("/works/calls/jiaxun/submit/")
    if scripts:
        looks_right(page)
    _fill_motto(page)
    if scripts:
        page.wait_for_selector("[data-proof-done]:not([hidden])")
    else:
        _answer(page)
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_load_state()
    code = re.search(r"\d{6}", page.locator(".wk-code").first.inner_text()).group()
    assert page.input_value("[name=story]").startswith("爷爷写在堂屋墙上")
    page.fill("[name=code]", code)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/works/sent/")
    if scripts:
        looks_right(page)
    work = Work.every.get()
    assert (work.status, work.audience) == (Status.SUBMITTED, Audience.PUBLIC)
    assert work.authors.get().name == "买买提·𬀩"


def test_editor_and_publisher_bring_it_to_the_public_page_by_keyboard_only(open_page, staff, place):
    work = _sent_work(place)
    reviewer = open_page(WIDE)
    sign_in(reviewer, "county_review")
    reviewer.goto(f"/staff/works/{work.no}/")
    looks_right(reviewer)
    _press(reviewer, "初核通过，送发布审核")
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    for name in ("editor", "publisher"):
        page = open_page(WIDE)
        sign_in(page, name)
        page.goto(f"/staff/publication/{row.public_id}/")
        looks_right(page)
        for box in page.locator("[name=answers]").all():
            box.focus()
            page.keyboard.press("Space")
        page.locator("form[data-pass] button[type=submit]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    work.refresh_from_db()
    assert (work.status, work.publish_state) == (Status.ACCEPTED, PublishState.PUBLISHED)
    for size in (WIDE, PHONE):
        visitor = open_page(size)
        visitor.goto(f"/works/{work.no}/")
        assert "一粥一饭" in visitor.locator("main").inner_text()
        assert "平定县 一户家庭" in visitor.locator("main").inner_text()
        assert "买买提" not in visitor.content()
        looks_right(visitor)


def _press(page, words):
    page.get_by_role("button", name=words).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _sent_work(place):
    from families.works.actions.submit import (
        submit,  # deferred: the apps are not ready when tests are collected
    )
    from families.works.entry import AuthorEntry, Entry
    from families.works.models import WorkCall
    from portal.accounts.phone_codes import phone_hash, visitor_for
    from portal.privacy.rules import ConsentType

    call = WorkCall.objects.get()
    entry = Entry(
        category=call.categories.get(), title="朱子家训一则", text="一粥一饭，当思来处不易", story="爷爷写的。",
        unit=place.dongguan, audience=Audience.ANONYMOUS, authors=(AuthorEntry("买买提·𬀩", "1980-05"),),
        phone="13812345678", licence=True,
        consents={str(kind): "同意" for kind in (ConsentType.PROCESSING, ConsentType.PUBLICATION)},
    )  # fmt: skip
    work, _code = submit(
        actor=visitor_for(phone_hash(entry.phone)),
        call=call,
        entry=entry,
        token="5d0e7c1e-1111-4222-8333-444455556666",
    )
    return work


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_leader_sees_the_figure_and_opens_the_rows_behind_it(open_page, staff, place, size):
    Activity.objects.create(
        no="HD2026-000001", title="家风宣讲进东关社区", kind="talk", unit=place.dongguan, level=5, headcount=64,
        starts_at=timezone.now(), status="county_ok",
    )  # fmt: skip
    from portal.dashboards.rollup import (
        roll_up_all,  # deferred: the apps are not ready when tests are collected
    )

    roll_up_all()
    run_all()
    page = open_page(size)
    sign_in(page, "leader")
    page.goto("/staff/")
    looks_right(page)
    page.goto("/dashboard/")
    looks_right(page)
    assert "开展活动" in page.locator("main").inner_text()
    page.locator(".kpi--main .v a").click()
    page.wait_for_url("**/staff/activities/**")
    looks_right(page)
    assert "家风宣讲进东关社区" in page.locator("main").inner_text()
