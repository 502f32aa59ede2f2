"""Three judges score on the phone, the round is closed, awards are proposed: in a real browser."""

import pytest

from families.judging.models import AwardList
from families.works.models import WorkCall, WorkCategory
from families.works.rules import Status
from portal.access.roles import Role
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState, StageState
from tests.browser.conftest import PHONE, WIDE, looks_right, sign_in
from tests.factories.judging import make_accepted, make_scoring, make_staff
from tests.factories.people import make_user


@pytest.fixture
def judging(place):
    """Five works of an open call before three judges."""
    WorkCategory.objects.update(per_person=500)
    call, staff = WorkCall.objects.get(slug="jiaxun"), make_staff(place)
    for name, user in staff.items():
        type(user).objects.filter(pk=user.pk).update(username=name)
    judges = [
        make_user(Role.JUDGE, place.city, username=f"judge{n}", display_name=f"评委{n}") for n in (1, 2, 3)
    ]
    for number in range(5):
        make_accepted(call, place, staff, phone=f"1380000{number:04d}")
    return call, make_scoring(call, staff, judges)


def _score(page, first):
    looks_right(page)
    for number, value in enumerate((first, "20", "20", "10")):
        page.fill(f"[name=score_{number}]", value)
        page.press(f"[name=score_{number}]", "Enter")
    assert page.locator("[data-total]").inner_text() == f"{float(first) + 50:.1f}"
    before = page.url
    page.keyboard.press("Enter")  # the last score has handed the focus on to the button
    page.wait_for_url(lambda url: url != before)


def test_three_judges_score_on_the_phone_and_awards_are_proposed(open_page, judging):
    call, stage = judging
    for name in ("judge1", "judge2", "judge3"):
        page = open_page(PHONE)
        sign_in(page, name)
        page.goto("/judge/")
        looks_right(page)
        page.locator("a.q-btn--lg").click()
        for _work in range(5):
            page.wait_for_load_state()
            number = int(page.locator("h1 .num").inner_text())
            _score(page, str(20 + number))
        page.wait_for_url("**/judge/")
    assert Sheet.objects.filter(state=SheetState.SUBMITTED).count() == 15

    staff = open_page(WIDE)
    sign_in(staff, "manager")
    staff.goto(stage.get_absolute_url())
    looks_right(staff)
    staff.get_by_text("结束打分", exact=True).first.click()
    staff.get_by_role("button", name="确定").click()
    staff.wait_for_load_state()
    assert JudgingStage.objects.get().status == StageState.CLOSED
    assert "75.00" in staff.content()
    looks_right(staff)
    staff.goto(f"/staff/judging/calls/{call.slug}/")
    staff.get_by_role("button", name="按比例拟名单").click()
    staff.wait_for_url("**/awards/")
    looks_right(staff)
    staff.get_by_role("button", name="保存并送审定").click()
    staff.wait_for_load_state()
    assert AwardList.objects.get().status == "proposed"
    assert call.works.filter(status=Status.PROPOSED).count() == AwardList.objects.get().awards.count() > 0


def test_a_judge_scores_without_scripts(open_page, judging):
    page = open_page(PHONE, scripts=False)
    sign_in(page, "judge1")
    page.goto("/judge/")
    page.locator("a.q-btn--lg").click()
    for number, value in enumerate(("30", "20", "20", "10")):
        page.fill(f"[name=score_{number}]", value)
    page.locator("button[value=next]").click()
    page.wait_for_load_state()
    assert str(Sheet.objects.get(state=SheetState.SUBMITTED).total) == "80.0"
