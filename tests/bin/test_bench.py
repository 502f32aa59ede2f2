"""bin/bench: what a scenario promises, what the report says, and the query counter it relies on."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import RequestFactory

from benchmarks import run
from benchmarks.client import TOKEN, Answer
from benchmarks.queries import CountQueries
from benchmarks.scenarios import SCENARIOS, Scenario, first_link


class Page:
    """A client that always sees the same page."""

    def __init__(self, body: str) -> None:
        self.body = body

    def get(self, path: str) -> Answer:
        return Answer(200, {}, self.body.encode())


def row(name: str, **values):
    return {
        "name": name,
        "min_ms": 1.0,
        "min_ratio": 3.0,
        "p50_ms": 4.0,
        "p95_ms": 6.0,
        "ratio": 4.0,
        "per_second": 90.0,
        "queries": 7,
    } | {
        "kilobytes": 12.0,
        "wrong": 0,
        **values,
    }


def test_names_of_scenarios_are_unique():
    names = [scenario.name for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)


def test_address_may_be_found_on_the_site():
    scenario = Scenario("activity page", first_link("/activities/", r'href="(/activities/HD[^"]+)"'))
    assert scenario.address(Page('<a href="/activities/HD2026-000123/">')) == "/activities/HD2026-000123/"
    with pytest.raises(LookupError):
        scenario.address(Page("nothing yet"))


@pytest.mark.parametrize(
    ("scenario", "values", "words"),
    [
        (Scenario("list", "/", ceiling=3), {}, "SLOWER THAN PROMISED"),
        (Scenario("list", "/", queries=5), {}, "MORE QUERIES THAN PROMISED"),
        (Scenario("list", "/"), {"wrong": 2}, "WRONG ANSWERS"),
    ],
)
def test_broken_promise_is_named(scenario, values, words):
    report = {"sizes": [{"database": "SQLite", "activities": 1000, "rows": [row("list", **values)]}]}
    (line,) = run.promises(report, [scenario])
    assert line.startswith(words)
    assert "at 1000" in line


def test_kept_promise_is_quiet():
    report = {"sizes": [{"database": "SQLite", "activities": 1000, "rows": [row("list")]}]}
    assert run.promises(report, [Scenario("list", "/", ceiling=5, queries=7)]) == []


def test_page_that_cannot_be_measured_stays_in_the_table():
    report = {
        "machine": "here",
        "made": "now",
        "floors": [row("floor")],
        "sizes": [
            {
                "database": "SQLite",
                "activities": 10,
                "works": 1,
                "mb_at_start": 80.0,
                "mb_at_end": 81.0,
                "rows": [],
            }
        ],
    }
    report["sizes"][0]["rows"].append({"name": "list", "error": "sign-in of county answered 403"})
    assert "not measured: sign-in of county answered 403" in run.as_table(report)
    assert run.promises(report, [Scenario("list", "/")])[0].startswith("NOT MEASURED")


@pytest.mark.django_db
def test_answers_say_how_many_queries_they_cost():
    def view(request):
        get_user_model()._base_manager.count()
        get_user_model()._base_manager.first()
        return HttpResponse("ok")

    assert CountQueries(view)(RequestFactory().get("/"))["X-Queries"] == "2"


def test_token_of_a_django_form_is_found(rf):
    from django.middleware.csrf import get_token
    from django.template import engines

    request = rf.get("/")
    get_token(request)
    html = engines["django"].from_string("{% csrf_token %}").render({}, request)
    assert TOKEN.search(html.encode()).group(1)
