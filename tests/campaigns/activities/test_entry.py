"""The one-minute form, as a browser without JavaScript uses it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.activities.models import Activity
from portal.access.roles import Role
from portal.drafts.models import FormDraft
from portal.jobs.runner import run_all
from portal.reviews.models import StatusChange
from tests.factories.activities import form_data, make_activity, make_campaign
from tests.factories.people import give
from tests.portal.files import samples

NEW = "/staff/activities/new/"


@pytest.fixture
def village(signed_in, tree):
    return signed_in(Role.VILLAGE_OP, tree.dongguan)


def test_eight_fields_come_first_and_arrive_filled_in(village, tree):
    make_activity(tree.dongguan, village.user, place="老年活动中心", headcount=45)
    campaign = make_campaign(tree.city)
    page = village.get(NEW).content.decode()
    form = village.get(NEW).context["form"]
    assert [field.name for field in form.first_fields] == [
        "title", "kind", "starts_at", "place", "headcount", "campaign", "summary", "photos",
    ]  # fmt: skip
    assert '<option value="老年活动中心">' in page
    assert 'data-set="45"' in page
    assert form["campaign"].value() == campaign.pk
    assert f'value="{timezone.localdate():%Y-%m-%d}T' in page
    head, more = page.split('<details class="more w2"')
    for name in ("kind", "starts_at", "place", "headcount", "campaign", "summary", "photos", "title"):
        assert f'name="{name}"' in head
    for name in ("online_visits", "households", "ends_at", "form", "partners"):
        assert f'name="{name}"' in more


def test_four_fields_are_enough_and_the_title_is_proposed(village, tree):
    response = village.post(NEW, form_data(summary=""))
    activity = Activity.objects.get()
    assert response["Location"] == f"/staff/activities/{activity.no}/done/"
    assert activity.title == "东关社区开展家风宣讲"
    assert (activity.status, activity.unit, activity.headcount, activity.sessions) == (
        "submitted",
        tree.dongguan,
        60,
        1,
    )
    assert (activity.created_by, activity.submitted_by, activity.level) == (village.user, village.user, 5)
    assert timezone.localtime(activity.starts_at).hour == 9
    done = village.get(response["Location"]).content.decode()
    assert "等待审核" in done
    assert "撤回" in done
    assert f"?copy={activity.no}" in done


def test_draft_is_kept_and_submitted_later(village):
    village.post(NEW, form_data(act="draft", headcount=""))
    activity = Activity.objects.get()
    assert activity.status == "draft"
    edit = f"/staff/activities/{activity.no}/edit/"
    refused = village.post(edit, form_data(version=activity.version, headcount=""))
    assert "请填参加人数" in refused.content.decode()
    village.post(edit, form_data(version=activity.version, headcount="约80"))
    activity.refresh_from_db()
    assert (activity.status, activity.headcount, activity.headcount_estimated) == ("submitted", 80, True)


def test_draft_too_short_for_a_record_is_kept_among_drafts(village):
    response = village.post(NEW, form_data(act="draft", kind="", starts_at="", summary="只写了一句"))
    assert response["Location"] == "/staff/drafts/"
    assert not Activity.objects.exists()
    draft = FormDraft.objects.get()
    page = village.get(draft.resume_url).content.decode()
    assert "只写了一句" in page


def test_same_page_sent_twice_is_one_record(village):
    data = form_data()
    first, second = village.post(NEW, data), village.post(NEW, data)
    assert first["Location"] == second["Location"]
    assert Activity.objects.count() == 1
    assert StatusChange.objects.count() == 1


def test_draft_page_sent_again_as_submit_leads_to_the_record(village):
    data = form_data(act="draft")
    village.post(NEW, data)
    response = village.post(NEW, data | {"act": "submit"})
    assert response["Location"].endswith("/edit/")
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"kind": ""}, "kind", "请选活动类型"),
        ({"kind": "nonsense"}, "kind", "请从列出的类型里选"),
        ({"starts_at": ""}, "starts_at", "请填活动时间"),
        ({"starts_at": "昨天上午"}, "starts_at", "请按"),
        ({"starts_at": "1026-05-06T09:00"}, "starts_at", "太早"),
        ({"headcount": "-3"}, "headcount", "不能填负数"),
        ({"headcount": "很多"}, "headcount", "请填数字"),
        ({"headcount": "50001"}, "headcount", "超过 5 万"),
        ({"headcount": ""}, "headcount", "请填参加人数"),
        ({"place": ""}, "place", "请填活动地点"),
        ({"place": "好" * 81}, "place", "80"),
        ({"ends_at": "2020-01-01T00:00"}, "ends_at", "结束时间早于开始时间"),
        ({"summary": "字" * 501}, "summary", "超出 1 字"),
        ({"sessions": "0"}, "sessions", "场次至少是 1"),
        ({"contact_phone": "abc"}, "contact_phone", "座机"),
        ({"campaign": "99999"}, "campaign", ""),
        ({"co_units": "140322999999"}, "co_units", "名单里没有"),
    ],
)
def test_mistakes_are_told_at_the_field_and_nothing_is_lost(village, fields, field, words):
    response = village.post(NEW, form_data(**fields))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    page = response.content.decode()
    assert words in page
    if "summary" not in fields:
        assert "宣讲员从三件家常小事讲廉洁" in page
    assert not Activity.objects.exists()


def test_unit_of_another_county_is_refused_at_the_field(village, tree):
    response = village.post(NEW, form_data(unit=tree.xiushui.unit_no))
    assert "您不能为这个单位记活动" in response.content.decode()
    assert response.context["form"].errors["unit"]
    assert not Activity.objects.exists()


def test_person_with_two_units_chooses_one(village, tree):
    give(village.user, Role.VILLAGE_OP, tree.nanguan)
    assert 'name="unit"' in village.get(NEW).content.decode()
    response = village.post(NEW, form_data(unit=tree.nanguan.unit_no))
    assert response.status_code == 302
    assert Activity.objects.get().unit == tree.nanguan
    refused = village.post(NEW, form_data())
    assert "请选是哪个单位的活动" in refused.content.decode()


def test_closed_unit_takes_no_new_records(village, tree):
    type(tree.dongguan).objects.filter(pk=tree.dongguan.pk).update(closed_on=timezone.localdate())
    response = village.post(NEW, form_data(unit=tree.dongguan.unit_no))
    assert response.status_code == 200
    assert not Activity.objects.exists()


def test_great_number_is_asked_about_once(village):
    data = form_data(headcount="2500")
    asked = village.post(NEW, data)
    assert "超过 2000" in asked.content.decode()
    assert 'name="confirm"' in asked.content.decode()
    assert village.post(NEW, data | {"confirm": "on"}).status_code == 302


def test_late_record_asks_for_a_reason(village):
    late = f"{timezone.localdate() - timedelta(days=45):%Y-%m-%d}T09:00"
    data = form_data(starts_at=late)
    asked = village.post(NEW, data).content.decode()
    assert "为什么现在才记" in asked
    assert village.post(NEW, data | {"late_reason": "台账补录"}).status_code == 302
    assert Activity.objects.get().late_reason == "台账补录"


def test_activity_of_next_month_can_be_a_draft_only(village):
    ahead = f"{timezone.localdate() + timedelta(days=20):%Y-%m-%d}T09:00"
    assert "还没有开展" in village.post(NEW, form_data(starts_at=ahead)).content.decode()
    assert village.post(NEW, form_data(starts_at=ahead, act="draft")).status_code == 302


def test_measures_stay_apart_and_estimates_are_marked(village):
    village.post(
        NEW,
        form_data(
            headcount="６０余人",
            online_visits="3.3万多",
            households="28",
            materials_count="1,200",
            form="mixed",
        ),
    )
    row = Activity.objects.get()
    assert (row.headcount, row.headcount_estimated) == (60, True)
    assert (row.online_visits, row.online_visits_estimated) == (33_000, True)
    assert (row.households, row.households_estimated) == (28, False)
    assert row.materials_count == 1200
    assert row.works_count is None


def test_online_activity_needs_neither_place_nor_headcount(village):
    assert (
        village.post(NEW, form_data(form="online", place="", headcount="", online_visits="300")).status_code
        == 302
    )


def test_partners_and_media_are_kept(village, tree):
    village.post(
        NEW,
        form_data(
            partners="县纪委监委、新华书店，县教育局",
            co_units=[tree.nanguan.unit_no],
            audiences=["parents", "children"],
            **{
                "media-TOTAL_FORMS": "2", "media-INITIAL_FORMS": "0", "media-0-outlet": "阳泉日报",
                "media-0-url": "https://example.cn/a", "media-1-outlet": "",
            },
        ),
    )  # fmt: skip
    row = Activity.objects.get()
    assert {partner.name for partner in row.partners.all()} == {"县纪委监委", "新华书店", "县教育局"}
    assert [unit.short_name for unit in row.co_units.all()] == ["南关社区"]
    assert [link.outlet for link in row.media_links.all()] == ["阳泉日报"]
    assert row.audience_labels == ["家长", "儿童青少年"]


def test_copy_brings_what_is_likely_the_same(village, tree):
    done = make_activity(tree.dongguan, village.user, kind="reading", headcount=77, summary="不要复制")
    form = village.get(f"{NEW}?copy={done.no}").context["form"]
    assert form["kind"].value() == "reading"
    assert form["place"].value() == "东关社区"
    assert form["headcount"].value() is None
    assert form["summary"].value() in (None, "")


def test_copy_of_a_foreign_record_is_not_found(village, tree):
    foreign = make_activity(tree.xiushui)
    assert village.get(f"{NEW}?copy={foreign.no}").status_code == 404


def test_record_changed_by_somebody_else_is_not_overwritten(village, tree):
    row = make_activity(tree.dongguan, village.user)
    Activity.objects.filter(pk=row.pk).update(version=5, title="同事刚改的")
    response = village.post(
        f"/staff/activities/{row.no}/edit/", form_data(version=row.version, title="我改的")
    )
    assert "刚刚被别人修改" in response.content.decode()
    assert "我改的" in response.content.decode()
    row.refresh_from_db()
    assert row.title == "同事刚改的"


def test_submitted_record_is_not_editable(village, tree):
    row = make_activity(tree.dongguan, village.user, status="submitted")
    assert village.get(f"/staff/activities/{row.no}/edit/").status_code == 302
    village.post(f"/staff/activities/{row.no}/edit/", form_data(version=1, title="偷改"))
    row.refresh_from_db()
    assert row.title != "偷改"


def test_outsiders(client, signed_in, tree):
    row = make_activity(tree.dongguan)
    assert client.get(NEW).status_code == 302
    other = signed_in(Role.VILLAGE_OP, tree.nanguan)
    assert other.get(f"/staff/activities/{row.no}/edit/").status_code == 404
    reviewer = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    assert reviewer.get(NEW).status_code == 403
    assert reviewer.get(f"/staff/activities/{row.no}/edit/").status_code == 403


def test_rare_characters_and_middle_dots(village):
    village.post(NEW, form_data(title="𠮷祥里·阿依古丽的家风课", place="𠮷祥里"))
    assert Activity.objects.get().title == "𠮷祥里·阿依古丽的家风课"


def test_whole_page_sent_back_as_it_came_changes_nothing_by_itself(village, tree):
    """Every field a browser would send, with its first value: no select slips in a value of its own."""
    form = village.get(NEW).context["form"]
    sent = {}
    for field in form:
        value = field.value()
        choices = getattr(field.field, "choices", None)
        if getattr(field.field.widget, "input_type", "") == "select" and choices is not None:
            sent[field.html_name] = value if value not in (None, "") else next(iter(choices))[0]
    village.post(
        NEW, form_data(**{name: str(getattr(value, "value", value)) for name, value in sent.items()})
    )
    row = Activity.objects.get()
    assert (row.level, row.form, row.campaign) == (tree.dongguan.level, "offline", None)


def test_photos_are_kept_with_captions_and_seen_by_those_who_may(village, signed_in, client, tree):
    photo = SimpleUploadedFile("现场.jpg", samples.jpeg(), content_type="image/jpeg")
    failed = village.post(NEW, form_data(place="", photos=photo))
    token = failed.context["form"]["form_token"].value()
    file = failed.context["form"].fields["photos"].board.staged()[0]
    village.post(NEW, form_data(form_token=token, **{f"photos_caption_{file.public_id}": "签名墙前"}))
    run_all()
    row = Activity.objects.get()
    file.refresh_from_db()
    assert (row.photo_count, file.caption, file.is_ready) == (1, "签名墙前", True)
    assert 'alt="签名墙前"' in village.get(row.staff_url).content.decode()
    assert village.get(file.thumb_url).status_code == 200
    assert client.get(file.thumb_url).status_code == 404
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(file.web_url).status_code == 404
    Activity.objects.filter(pk=row.pk).update(status="county_ok", is_published=True)
    assert client.get(file.web_url).status_code == 200
    assert client.get(file.master_url).status_code == 404
    assert "签名墙前" in client.get(f"/activities/{row.no}/").content.decode()


def test_session_that_ends_while_typing_loses_nothing(village):
    data = form_data(summary="打了很多字")
    village.logout()
    response = village.post(NEW, data)
    assert response.status_code == 302
    village.force_login(village.user, backend="portal.accounts.backends.PortalBackend")
    draft = FormDraft.objects.get()
    form = village.get(draft.resume_url).context["form"]
    assert form["summary"].value() == "打了很多字"
    assert form["kind"].value() == "talk"
    assert not Activity.objects.exists()


def test_workbench_form_is_enough_for_a_record(village, tree):
    page = village.get("/staff/").content.decode()
    assert 'action="/staff/activities/new/"' in page
    data = form_data(contact=village.user.display_name, sessions="1")
    assert village.post(NEW, data).status_code == 302
    assert Activity.objects.get().contact == village.user.display_name


@pytest.mark.parametrize("source", ["import", "manual"])
def test_who_imported_a_record_for_a_unit_below_mends_it_when_it_comes_back(signed_in, tree, source):
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    activity = make_activity(tree.guanshan, county.user, status="returned", source=source)
    edit = f"/staff/activities/{activity.no}/edit/"
    may = source == "import"
    assert (edit in county.get(activity.staff_url).content.decode()) is may
    assert (edit in county.get("/staff/").content.decode()) is may
    answer = county.post(
        edit, form_data(version=activity.version, headcount="88", unit=tree.guanshan.unit_no)
    )
    activity.refresh_from_db()
    assert answer.status_code == (302 if may else 404)
    assert (activity.status, activity.headcount) == (("submitted", 88) if may else ("returned", 60))
    assert activity.unit == tree.guanshan
    stranger = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert stranger.get(edit).status_code == 404
