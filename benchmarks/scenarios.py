"""What is measured. Add a Scenario to SCENARIOS; everything else follows.

A scenario is one address, asked for again and again by one signed-in (or anonymous) visitor:

    Scenario("activity list", "/staff/activities/", signed_in_as="county")
    Scenario("activity page", first_link("/activities/", r'href="(/activities/HD[^"]+)"'))
    Scenario("log an activity", "/staff/activities/new/", signed_in_as="county", method="POST", fields=activity)

`path` may be a function of the signed-in client that finds the address; `fields` is called before every
POST with the client and the running number, so that each row differs. `expect` is the status that counts
as success. `ceiling` is the promise kept in the report: p50 at most this many times the floor's, `queries`
at most this many; a broken promise makes bin/bench end with 1.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.client import Client

Fields = Callable[[Client, int], dict[str, str]]


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

    def address(self, client: Client) -> str:
        """Its path, found on the site when it is a function."""
        return self.path if isinstance(self.path, str) else self.path(client)


def first_link(page: str, pattern: str) -> Callable[[Client], str]:
    """The first address on `page` that matches `pattern` (one group)."""

    def find(client: Client) -> str:
        found = re.search(pattern, client.get(page).body.decode())
        if not found:
            raise LookupError(f"no {pattern} on {page}")
        return found.group(1)

    return find


SCENARIOS = [
    Scenario("health", "/healthz"),
    Scenario("public home", "/"),
    Scenario("sign-in page", "/accounts/login/"),
]
