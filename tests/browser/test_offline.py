"""The one-minute form opens, keeps what is typed and picked, and goes out by itself, with the network cut in between."""

import io
import threading

import pytest
from django.test.signals import template_rendered
from PIL import Image

from campaigns.activities.models import Activity
from portal.files.queries import attached_to
from tests.browser.conftest import PHONE, looks_right, sign_in

FORM, EMPTY_FORM = "/staff/activities/new/", "campaigns/activities/offline.html"
KEPT = """async () => { for (const name of await caches.keys()) if (await (await caches.open(name)).match("/kept-shell")) return true; return false; }"""


def _ready(page):
    """The worker has kept the empty form."""
    page.goto(FORM)
    page.wait_for_function(f"({KEPT})()")


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "seagreen").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_form_opened_without_a_network_is_sent_with_its_picture_once(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    page.context.set_offline(True)
    page.goto(FORM)
    assert "现在没有网络" in page.inner_text("main")
    looks_right(page)
    assert "平定经办" not in page.content() and "csrfmiddlewaretoken" not in page.content()
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "南关社区")
    page.fill("[name=headcount]", "64")
    page.set_input_files("[name=photos]", _picture())
    page.locator("label[for=id_headcount] [data-kept=device]").wait_for()
    page.get_by_role("button", name="提交").click()
    page.locator("[data-offline-note]", has_text="联网后自动提交").wait_for()
    again = page.context.new_page()
    page.close()  # the browser is closed, too
    again.goto("/staff/tasks/")
    assert "现在没有网络" in again.inner_text("main")
    again.context.set_offline(False)
    again.goto(FORM)
    again.wait_for_url("**/done/")
    activity = Activity.objects.get()
    assert (activity.place, activity.headcount, activity.status) == ("南关社区", 64, "submitted")
    assert activity.contact and attached_to(activity, "photos").count() == 1
    again.goto(FORM)
    again.wait_for_timeout(1000)
    assert again.input_value("[name=place]") == "" and Activity.objects.count() == 1


def test_form_opened_without_a_network_goes_out_when_it_is_back(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    page.context.set_offline(True)
    page.goto(FORM)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "西关社区")
    page.fill("[name=headcount]", "30")
    page.context.set_offline(False)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done/")
    assert [row.place for row in Activity.objects.all()] == ["西关社区"]


@pytest.mark.parametrize("way", ["the empty form", "the whole form"])
def test_what_the_server_does_not_accept_comes_back_with_its_pictures(open_page, staff, way):
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    page.context.set_offline(True)
    page.goto(FORM)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "北关社区")
    page.fill("[name=summary]", "第一行\n第二行")
    page.set_input_files("[name=photos]", _picture())
    page.get_by_role("button", name="提交").click()  # nobody said how many came
    page.locator("[data-offline-note]", has_text="联网后自动提交").wait_for()
    if way == "the whole form":
        page.close()
        page = page.context.new_page()
    page.context.set_offline(False)
    if way == "the whole form":
        page.goto(FORM)
    page.locator("main .invalid-feedback, main .fault", has_text="请填参加人数").first.wait_for()
    assert page.input_value("[name=place]") == "北关社区"
    assert page.input_value("[name=summary]") == "第一行\n第二行"
    assert page.locator("[data-upload-list] li").count() == 1
    page.fill("[name=headcount]", "21")
    page.locator(".qlog__ft").get_by_role("button", name="提交").click()
    page.wait_for_url("**/done/")
    activity = Activity.objects.get()
    assert (activity.headcount, attached_to(activity, "photos").count()) == (21, 1)


@pytest.mark.parametrize("way", ["signs out", "another account"])
def test_kept_form_is_gone_for_the_next_person(open_page, staff, way):
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    if way == "signs out":
        page.goto("/accounts/logout/")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
    else:
        page.context.clear_cookies()
        sign_in(page, "county_review")
        page.goto("/staff/")
    page.wait_for_function(f"async () => !(await ({KEPT})())")
    page.context.set_offline(True)
    page.goto(FORM)
    assert page.locator("form[data-offline]").count() == 0
    assert "现在没有网络" in page.inner_text("main")


@pytest.fixture
def asked():
    """Each time the empty form is made is noted in `asked.seen`; its answer waits until `asked.gate` is set."""

    class Asked:
        def __init__(self):
            self.seen, self.first, self.gate = [], threading.Event(), threading.Event()

        def note(self, template, **kwargs):
            if template.name == EMPTY_FORM:
                self.seen.append(template.name)
                self.first.set()
                self.gate.wait(60)

    one = Asked()
    template_rendered.connect(one.note)
    yield one
    one.gate.set()
    template_rendered.disconnect(one.note)


def test_two_pages_at_once_keep_one_form(open_page, staff, asked):
    page = open_page(PHONE)
    sign_in(page, "county")
    assert asked.first.wait(30)
    page.goto(FORM)  # a second page asks while the answer for the first is on its way
    asked.gate.set()
    page.wait_for_function(f"({KEPT})()")
    page.wait_for_timeout(1000)
    assert page.evaluate(f"({KEPT})()") and len(asked.seen) == 1


def test_form_on_its_way_is_not_kept_after_a_sign_out(open_page, staff, asked):
    page = open_page(PHONE)
    sign_in(page, "county")
    assert asked.first.wait(30)
    page.goto("/accounts/logout/")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    asked.gate.set()
    page.wait_for_timeout(1500)
    assert not page.evaluate(f"({KEPT})()")
