"""A real Chromium against a live server on the test database."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from campaigns.planning.models import Campaign
from campaigns.planning.rules import CampaignStatus
from families.works.actions.calls import ensure_categories
from families.works.models import WorkCall, WorkCategory
from families.works.rules import CallState
from portal.access.roles import Role
from portal.accounts.models import User
from tests.factories.people import PASSWORD, make_user
from tests.factories.units import Tree, make_tree

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if "tests/browser/" in str(item.fspath):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium, started once per module: two drivers cannot live in one thread."""
    playwright = pytest.importorskip("playwright.sync_api")
    # The driver runs an event loop in this thread; the ORM calls of the tests are still plain and synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with playwright.sync_playwright() as driver:
        path = next(
            (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if os.path.exists(p)), None
        )
        if path is None:
            pytest.skip("no Chromium on this machine")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def open_page(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(PHONE, scripts=False)` → a page; faults of scripts and of the CSP fail the test."""
    contexts, faults = [], []

    def make(size: dict[str, int], *, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport=size, java_script_enabled=scripts, locale="zh-CN", timezone_id="Asia/Shanghai",
            base_url=live_server.url,
        )  # fmt: skip
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def place(transactional_db: None) -> Tree:
    """Units, a running campaign and an open call for mottos."""
    tree, today = make_tree(), timezone.localdate()
    Campaign.objects.create(
        slug="qinglian", name="清廉家庭创建活动", unit=tree.city, status=CampaignStatus.RUNNING,
        starts_on=today.replace(month=1, day=1), ends_on=today.replace(month=12, day=31),
    )  # fmt: skip
    ensure_categories()
    call = WorkCall.objects.create(
        slug="jiaxun", title="家规家训征集", unit=tree.city, status=CallState.OPEN,
        open_at=timezone.now() - timezone.timedelta(days=3), close_at=timezone.now() + timezone.timedelta(days=30),
    )  # fmt: skip
    call.categories.set([WorkCategory.objects.get(code="MOTTO")])
    return tree


@pytest.fixture
def staff(place: Tree) -> dict[str, User]:
    """The people of the four paths."""
    plan = {
        "county": (Role.COUNTY_OP, place.pingding), "county_review": (Role.COUNTY_REVIEWER, place.pingding),
        "editor": (Role.EDITOR, place.city), "publisher": (Role.PUBLISHER, place.city),
        "leader": (Role.CITY_LEADER, place.city),
    }  # fmt: skip
    return {
        name: make_user(role, unit, username=name, display_name=name) for name, (role, unit) in plan.items()
    }


TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1).slice(0, 8)
  .map((node) => `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 30)}`)"""


def sign_in(page: Any, username: str) -> None:
    """Through the real form."""
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def looks_right(page: Any) -> None:
    """axe finds nothing and nothing scrolls sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], (
        page.evaluate(TOO_WIDE)
    )
