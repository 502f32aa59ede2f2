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


def _wait(page, kept=True):
    """Until the empty form is kept, or gone; wait_for_function takes a promise itself for a yes."""
    page.evaluate(f"""async (kept) => {{
      for (let n = 0; n < 600 && (await ({KEPT})()) !== kept; n += 1) await new Promise((go) => setTimeout(go, 50));
    }}""", kept)  # fmt: skip
    assert page.evaluate(f"({KEPT})()") is kept


def _ready(page):
    """The worker has kept the empty form."""
    page.goto(FORM)
    _wait(page)


def _without_network(open_page):
    """The kept form as it opens on a phone whose network is gone."""
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    page.context.set_offline(True)
    page.goto(FORM)
    return page


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "seagreen").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_form_opened_without_a_network_is_sent_with_its_picture_once(open_page, staff):
    page = _without_network(open_page)
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
    page = _without_network(open_page)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "西关社区")
    page.fill("[name=headcount]", "30")
    page.context.set_offline(False)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done/")
    assert [row.place for row in Activity.objects.all()] == ["西关社区"]


@pytest.mark.parametrize("way", ["the empty form", "the whole form"])
def test_what_the_server_does_not_accept_comes_back_with_its_pictures(open_page, staff, way):
    page = _without_network(open_page)
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


OUTBOX = "() => Object.keys(localStorage).filter((name) => name.startsWith('outbox:'))"
PICTURES = """(keys) => new Promise((done) => {
  const ask = indexedDB.open("portal-outbox", 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore("files");
  ask.onsuccess = () => {
    const deal = ask.result.transaction("files", "readwrite"), table = deal.objectStore("files");
    for (const [key, at] of keys) table.put({ at, files: [] }, key);
    const all = table.getAllKeys();
    deal.oncomplete = () => { ask.result.close(); done(all.result); };
  };
})"""


def test_an_answer_of_somebody_between_drops_neither_words_nor_pictures(open_page, staff):
    page = _without_network(open_page)
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "东关社区")
    page.fill("[name=headcount]", "12")
    page.set_input_files("[name=photos]", _picture())
    page.get_by_role("button", name="提交").click()
    page.locator("[data-offline-note]", has_text="联网后自动提交").wait_for()

    def hotel(route):
        if route.request.method == "POST":
            route.fulfill(status=200, content_type="text/html", body="<p>Wi-Fi</p>")
        else:
            route.fallback()

    page.context.route("**/staff/activities/new/", hotel)
    page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.goto(FORM)
    page.locator("[data-offline-note]", has_text="没有提交成功").wait_for()
    (name,) = page.evaluate(OUTBOX)
    assert page.evaluate(PICTURES, []) == [name] and not Activity.objects.exists()
    # A younger and an older one that no kept form asks for: a form being kept just now writes its pictures first.
    young = page.evaluate("() => Date.now()")
    page.evaluate(PICTURES, [["outbox:1:young", young], ["outbox:1:old", young - 90_000_000]])
    page.context.unroute("**/staff/activities/new/")
    page.goto(FORM)
    page.wait_for_url("**/done/")
    activity = Activity.objects.get()
    assert (activity.place, attached_to(activity, "photos").count()) == ("东关社区", 1)
    assert page.evaluate(OUTBOX) == [] and page.evaluate(PICTURES, []) == ["outbox:1:young"]


def test_a_kept_form_opened_again_is_the_same_record_with_its_picture(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    _ready(page)
    page.context.set_offline(True)
    for headcount in ("12", "21"):
        page.goto(FORM)
        if headcount == "12":
            page.locator("label.chip", has_text="宣讲").first.click()
            page.fill("[name=place]", "南关社区")
            page.set_input_files("[name=photos]", _picture())
        page.fill("[name=headcount]", headcount)
        page.get_by_role("button", name="提交").click()
        page.locator("[data-offline-note]", has_text="联网后自动提交").wait_for()
        page.locator("[data-saved]", has_text="已存").first.wait_for()
    assert len(page.evaluate(OUTBOX)) == 1
    page.context.set_offline(False)
    page.goto(FORM)
    page.wait_for_url("**/done/")
    activity = Activity.objects.get()
    assert (activity.headcount, attached_to(activity, "photos").count()) == (21, 1)


def test_a_kept_form_that_is_refused_does_not_take_the_next_record(open_page, staff):
    page = open_page(PHONE)
    sign_in(page, "county")
    page.goto(FORM)
    page.evaluate("""() => localStorage.setItem(`outbox:${document.body.dataset.owner}:kept-before`,
      JSON.stringify({ at: Date.now(), code: "activities.new", action: `${location.origin}/no-such-page/`, fields: [], files: 0 }))""")
    page.goto(FORM)
    page.locator("[data-offline-note]", has_text="没有提交成功").wait_for()
    page.locator("label.chip", has_text="宣讲").first.click()
    page.fill("[name=place]", "西关社区")
    page.fill("[name=headcount]", "30")
    page.locator(".qlog__ft").get_by_role("button", name="提交").click()
    page.wait_for_url("**/done/")
    assert Activity.objects.get().place == "西关社区"
    assert [name.rsplit(":", 1)[1] for name in page.evaluate(OUTBOX)] == ["kept-before"]


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
    _wait(page, kept=False)
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
    _wait(page)
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
