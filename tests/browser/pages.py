"""What people press and fill in on the way of a work: names, labels and buttons of pages, each in one place.

The names of fields and the addresses are the portal's fixed interfaces; the words on buttons are only written here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.accounts.phone_codes import phone_hash
from portal.notifications.models import Outgoing


@contextmanager
def step(name: str) -> Iterator[None]:
    """A failure inside says at which step of the way it happened."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"at the step: {name}")
        raise


def messages_to(phone: str) -> list[str]:
    """Every text that was put into the outbox for a phone, oldest first."""
    rows = Outgoing.objects.filter(to_hash=phone_hash(phone)).order_by("pk")
    return [row.text or "" for row in rows]


def press(page: Any, words: str, *, exact: bool = False) -> None:
    """Press a button and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=exact).first.click()


def confirm(page: Any, words: str, sure: str = "确定") -> None:
    """A step that asks first."""
    page.get_by_text(words, exact=True).first.click()
    with page.expect_navigation():
        page.locator("dialog").get_by_role("button", name=sure).click()


def tab_to(page: Any, selector: str, most: int = 80) -> None:
    """Reach a control with the Tab key alone."""
    for _press in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {selector} on {page.url}")


class Family:
    """A family with a phone: no account, codes by SMS."""

    def __init__(self, page: Any, phone: str, clock: Any) -> None:
        self.page, self.phone, self.clock = page, phone, clock

    def write(self, **fields: str) -> None:
        """Fill in fields of the form by their names; boxes and choices by `tick` and `choose`."""
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)

    def choose(self, **fields: str) -> None:
        """Radio buttons and lists; the place is a list wherever the call has one."""
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]").first
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                self.page.locator(f"[name={name}][value='{value}']").check()

    def tick(self, *names: str) -> None:
        """Consents."""
        for name in names:
            self.page.locator(f"input[name={name}]").check()

    def add_photo(self, path: Path) -> None:
        """Choose a picture and wait until it has arrived."""
        self.page.set_input_files("input[name=files]", str(path))
        self.page.locator("[data-upload-list] li[data-file]").first.wait_for()

    def ask_code(self) -> str:
        """Press 获取验证码 and read the SMS. A minute passes between two codes to one phone."""
        self.clock.shift(timedelta(minutes=2))
        known = len(messages_to(self.phone))
        self.page.wait_for_selector("[data-proof-done]:not([hidden])")
        press(self.page, "获取验证码")
        arrived = messages_to(self.phone)[known:]
        assert len(arrived) == 1, arrived
        found = re.search(r"\d{6}", arrived[0])
        assert found, arrived
        return found.group()

    def keep_draft(self) -> str:
        """存草稿: the short code for another phone."""
        press(self.page, "存草稿")
        return str(self.page.locator(".wk-code").first.inner_text()).strip()

    def send(self) -> str:
        """提交; the number of the work."""
        press(self.page, "提交", exact=True)
        assert self.page.url.endswith("/works/sent/"), self.page.locator("main").inner_text()
        found = re.search(r"ZP\d{4}-\d+", self.page.locator("main").inner_text())
        assert found
        return found.group()

    def resume(self, code: str) -> None:
        """/works/resume/ on another phone: short code and phone code."""
        self.page.goto("/works/resume/")
        self.write(resume_code=code, phone=self.phone)
        sms = self.ask_code()
        assert self.page.input_value("[name=resume_code]") == code
        self.write(code=sms)
        press(self.page, "找回")

    def enter(self) -> None:
        """/me/ by phone code."""
        self.page.goto("/me/")
        self.write(phone=self.phone)
        self.write(code=self.ask_code())
        press(self.page, "查看我的")

    def state_of(self, no: str) -> str:
        """The first words about a work on /me/: the state its family reads."""
        self.page.goto("/me/")
        row = self.page.locator("li", has=self.page.locator(f"a[href='/me/works/{no}/']"))
        return str(row.inner_text())


def pass_gate(page: Any, address: str) -> None:
    """Go through the checklist of the publish gate and pass the item on."""
    page.goto(address)
    for box in page.locator("[name=answers]").all():
        box.check()
    with page.expect_navigation():
        page.locator("form[data-pass] button[type=submit]").click()
