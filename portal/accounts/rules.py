"""Names, limits and dates of accounts; no database."""

import re
import unicodedata
from datetime import datetime, timedelta

# The link of an invitation and of a reset works once and this long.
LINK_LIFE = timedelta(days=7)
RESET_LINK_LIFE = timedelta(days=1)
# An account that nobody used for this long is disabled; a week before, it is flagged on the grants page.
UNUSED_DAYS = 90
UNUSED_WARNING_DAYS = 76
USERNAME = re.compile(r"^[a-z][a-z0-9_.-]{2,29}$")


def plain_username(text: str) -> str:
    """How a user name is compared: half-width, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", text or "").strip().lower()


def is_username(text: str) -> bool:
    """3–30 Latin letters, digits, `_ . -`, beginning with a letter."""
    return bool(USERNAME.match(text))


def password_is_old(changed_at: datetime, now: datetime, max_days: int) -> bool:
    """Must the password be changed because of its age? `max_days` 0 switches the rule off."""
    return max_days > 0 and now - changed_at > timedelta(days=max_days)


def browser_name(agent: str) -> str:
    """A short name for the list of devices: 'Edge · Windows'."""
    browsers = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)
