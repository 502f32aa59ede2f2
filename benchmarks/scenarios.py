"""What is measured. Add a Scenario to SCENARIOS; everything else follows.

A scenario is one address, asked for again and again by one signed-in (or anonymous) visitor:

    Scenario("activity list", "/staff/activities/", signed_in_as="county")
    Scenario("activity page", first_link("/activities/", r'href="(/activities/HD[^"]+)"'))
    Scenario("log an activity", "/staff/activities/new/", signed_in_as="county", method="POST", fields=activity)

`path` may be a function of the signed-in client that finds the address; `fields` is called before every
POST with the client and the running number, so that each row differs. `expect` is the status that counts
as success. "{n}" in an address is replaced by the running number. `ceiling` is the promise kept in the report: p50 at most this many times the floor's, `queries`
at most this many; a broken promise makes bin/bench end with 1. `floor` names what it is compared with.
"""

import base64
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.client import Client

Fields = Callable[[Client, int], dict[str, Any]]


@dataclass(frozen=True)
class Scenario:
    """One page and how it is asked for."""

    name: str
    path: str | Callable[[Client], str]
    signed_in_as: str = ""
    method: str = "GET"
    fields: Fields | None = None
    expect: int = 200
    ceiling: float = 0.0
    queries: int = 0
    requests: int = 0  # fewer than asked for: what is large or slow
    burst: int = 0  # so many visitors at the same moment; `fields` is called before, for each
    floor: str = "floor"

    def address(self, client: Client) -> str:
        """Its path, found on the site when it is a function."""
        return self.path if isinstance(self.path, str) else self.path(client)


def first_link(page: str, pattern: str, shape: str = "{}") -> Callable[[Client], str]:
    """The first address on `page` that matches `pattern` (one group), put into `shape`."""

    def find(client: Client) -> str:
        found = re.search(pattern, client.get(page).body.decode())
        if not found:
            raise LookupError(f"no {pattern} on {page}")
        return shape.format(found.group(1))

    return find


def activity(client: Client, number: int) -> dict[str, str]:
    """What a county officer types into the one-minute form."""
    return {
        "form_token": str(uuid.uuid4()),
        "kind": "talk",
        "place": f"东关社区 {number}",
        "starts_at": datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M"),
        "headcount": "64",
        "summary": "从三件家常小事讲廉洁。",
        "act": "submit",
        **EMPTY_MEDIA,
    }


LAST_PAGE = (
    base64.urlsafe_b64encode(json.dumps(["2000-01-01T00:00:00+00:00", 0], separators=(",", ":")).encode())
    .decode()
    .rstrip("=")
)
NUMERALS = "零一二三四五六七八九十"


def work(client: Client, number: int) -> dict[str, str]:
    """A family with a phone of its own: sum in words, phone code (shown by the demo), then the form.

    Only the last post is measured; the steps before it happen here.
    """
    return family(client, submit_page(client))


def family(client: Client, path: str) -> dict[str, str]:
    """The steps before the form is sent, and what is typed into it."""
    client.cookies.clear()
    page = client.get(path).body.decode()
    first, second = re.search(rf"([{NUMERALS}])加([{NUMERALS}])", page).groups()
    token = re.search(r'name="captcha_token" value="([^"]+)"', page).group(1)
    phone = f"139{uuid.uuid4().int % 10**8:08d}"  # never one that had a code within the last minute
    asked = {
        "action": "send_code",
        "phone": phone,
        "captcha_token": token,
        "captcha_answer": str(NUMERALS.index(first) + NUMERALS.index(second)),
    }
    told = client.post(path, asked).body.decode()
    code = re.search(r'wk-code">(\d{6})', told)
    if code is None:
        raise LookupError("no phone code on the page")
    area = re.search(r'<option value="(\d{12})"', page).group(1)
    return {
        "action": "send",
        "form_token": str(uuid.uuid4()),
        "phone": phone,
        "code": code.group(1),
        "category": "MOTTO",
        "title": "朱子家训一则",
        "text": "一粥一饭，当思来处不易。",
        "story": "爷爷写在堂屋墙上，每年过年全家念一遍。",
        "author_name": "张女士",
        "birth_ym": "1980-05",
        "area": area,
        "audience": "public",
        "consent_processing": "on",
        "consent_publication": "on",
        "licence": "on",
    }


def photos(client: Client, number: int) -> dict[str, Any]:
    """The same with five pictures of 8 MB, as phones take them."""
    fields = family(client, photo_page(client))
    more = {
        "category": "PHOTO",
        "x_statement": "院里的石榴熟了。",
        "text": "一家人的院子。",
        "files": pictures(),
    }
    return {**fields, **more}


@cache
def pictures() -> list[bytes]:
    """Five different ones; noise, because that keeps its size."""
    import os

    from PIL import Image  # deferred: only this scenario needs it

    found = []
    for _number in range(5):
        out = BytesIO()
        size = (2300, 1725)
        Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(
            out, "JPEG", quality=94, subsampling=0
        )
        found.append(out.getvalue())
    return found


def bare_photos(_client: Client, _number: int) -> dict[str, Any]:
    """The pictures alone, for the floor."""
    return {"files": pictures()}


def photo_page(_client: Client) -> str:
    """The form of the demo's open call that takes photographs."""
    return f"/works/calls/zhulian-{datetime.now(ZoneInfo('Asia/Shanghai')).year}/submit/"


def submit_page(_client: Client) -> str:
    """The form of the demo's open call for mottos, which `work` fills in."""
    return f"/works/calls/jiaxun-{datetime.now(ZoneInfo('Asia/Shanghai')).year}/submit/"


EMPTY_MEDIA = {"media-TOTAL_FORMS": "0", "media-INITIAL_FORMS": "0"}
# The promises of the project: cached public pages at most 1.5 times the floor, staff lists and dashboard 4 times.
PUBLIC, STAFF = 1.5, 4.0
SCENARIOS = [
    Scenario("health", "/healthz"),
    Scenario("home", "/", ceiling=PUBLIC),
    Scenario("sign-in page", "/accounts/login/"),
    Scenario("gallery", "/works/", ceiling=PUBLIC),
    Scenario("gallery, by category", "/works/?category=MOTTO&_={n}"),
    Scenario(
        "gallery, by place", first_link("/works/", r'option value="(\d{12})"', "/works/?county={}&_={{n}}")
    ),
    Scenario(
        "gallery, by call", first_link("/works/", r'href="/works/calls/([^"/]+)/"', "/works/?call={}&_={{n}}")
    ),
    Scenario("gallery, a common word", "/works/?q=清白&_={n}"),
    Scenario("gallery, a rare word", "/works/?q=石榴&_={n}"),
    Scenario("gallery, a word nobody wrote", "/works/?q=魑魅&_={n}"),
    Scenario("gallery, a long common phrase", "/works/?q=粉骨碎身浑不怕&_={n}"),
    Scenario("gallery, two words that never meet", "/works/?q=朱子 于谦&_={n}"),
    Scenario(
        "gallery, word and place",
        first_link("/works/", r'option value="(\d{12})"', "/works/?q=清白&county={}&_={{n}}"),
    ),
    Scenario("gallery, a way of showing (讲晒演拍)", "/works/?mode=play&_={n}"),
    Scenario("gallery, made anew", "/works/?_={n}"),
    Scenario("gallery, last page", f"/works/?before={LAST_PAGE}&_={{n}}"),
    Scenario("site search", "/search/?q=清白&_={n}"),
    Scenario("issues", "/works/issues/", ceiling=PUBLIC),
    Scenario("one issue", first_link("/works/issues/", r'href="(/works/issues/[^"/]+/\d+/)"')),
    Scenario("work page", first_link("/works/", r'href="(/works/ZP[^"/]+/)"')),
    Scenario("work page, made anew", first_link("/works/", r'href="(/works/ZP[^"/]+/)"', "{}?_={{n}}")),
    Scenario("public activities", "/activities/", ceiling=PUBLIC),
    Scenario("call for works", first_link("/works/", r'href="(/works/calls/[^"/]+/)"')),
    Scenario("submit form", submit_page),
    Scenario("workbench", "/staff/", signed_in_as="county", ceiling=STAFF),
    Scenario("workbench, made anew", "/staff/?_={n}", signed_in_as="county"),
    Scenario("activity list, county", "/staff/activities/", signed_in_as="county", ceiling=STAFF),
    Scenario("activity list, county, made anew", "/staff/activities/?_={n}", signed_in_as="county"),
    Scenario("activity list, city", "/staff/activities/", signed_in_as="city", ceiling=STAFF),
    Scenario("activity list, city, made anew", "/staff/activities/?_={n}", signed_in_as="city"),
    Scenario("works inbox", "/staff/works/", signed_in_as="city_review", ceiling=STAFF),
    Scenario("works inbox, made anew", "/staff/works/?_={n}", signed_in_as="city_review"),
    Scenario("dashboard, city", "/dashboard/140300000000/", signed_in_as="leader", ceiling=STAFF),
    Scenario("dashboard, city, made anew", "/dashboard/140300000000/?_={n}", signed_in_as="leader"),
    Scenario(
        "log an activity",
        "/staff/activities/new/",
        signed_in_as="county",
        method="POST",
        fields=activity,
        expect=302,
    ),
    Scenario("submit a work", submit_page, method="POST", fields=work, expect=302, queries=40),
    Scenario(
        "submit a work with five photos of 8 MB",
        photo_page,
        method="POST",
        fields=photos,
        expect=302,
        requests=8,
        floor="upload floor",
    ),
    Scenario("200 works in the same moment", submit_page, method="POST", fields=work, expect=302, burst=200),
]
