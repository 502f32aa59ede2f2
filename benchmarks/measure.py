"""Bounded loops over one scenario: latency with one client, answers per second with several."""

import re
import statistics
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.client import Answer, Client
from benchmarks.scenarios import Scenario

WARM_UP = 5
RECEIVED = re.compile(r"ZP\d{4}-\d{6}")


@dataclass
class Figures:
    """What one scenario cost at one size."""

    name: str
    min_ms: float
    p50_ms: float
    p95_ms: float
    per_second: float
    queries: int
    kilobytes: float
    wrong: int
    ratio: float = 0.0
    min_ratio: float = 0.0

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(client: Client, scenario: Scenario, *, requests: int, clients: int) -> Figures:
    """Ask `requests` times alone, then the same number spread over `clients` connections."""
    path = scenario.address(client)
    if scenario.burst:
        return burst(client, scenario, path)
    if scenario.requests:
        requests, clients = min(requests, scenario.requests), 1
    for number in range(WARM_UP if requests > WARM_UP else 1):
        last = ask(client, scenario, numbered(path, -1 - number), typed(client, scenario, -1 - number))
    times, wrong = [], 0
    for number in range(requests):
        fields = typed(client, scenario, number)
        started = time.perf_counter()
        last = ask(client, scenario, numbered(path, number), fields)
        times.append((time.perf_counter() - started) * 1000)
        wrong += last.status != scenario.expect
    return Figures(
        name=scenario.name,
        min_ms=round(min(times), 2),
        p50_ms=round(statistics.median(times), 2),
        p95_ms=round(statistics.quantiles(times, n=20)[-1], 2),
        per_second=round(together(client, scenario, path, requests, clients), 1),
        queries=last.queries,
        kilobytes=round(len(last.body) / 1024, 1),
        wrong=wrong,
    )


def burst(client: Client, scenario: Scenario, path: str) -> Figures:
    """So many visitors, each with a form filled in, press at the same moment. Every one of them must then hold a
    number of its own: what is lost or given out twice counts as wrong."""
    visitors = [client.twin() for _n in range(scenario.burst)]
    forms = [typed(visitor, scenario, number) for number, visitor in enumerate(visitors)]
    times, told, gate = [0.0] * len(visitors), [0] * len(visitors), threading.Barrier(len(visitors) + 1)

    def press(number: int) -> None:
        gate.wait()
        began = time.perf_counter()
        told[number] = ask(visitors[number], scenario, path, forms[number]).status
        times[number] = (time.perf_counter() - began) * 1000

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(visitors))]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    numbers = {
        found for visitor in visitors for found in RECEIVED.findall(visitor.get("/works/sent/").body.decode())
    }
    return Figures(
        name=scenario.name,
        min_ms=round(min(times), 2),
        p50_ms=round(statistics.median(times), 2),
        p95_ms=round(statistics.quantiles(times, n=20)[-1], 2),
        per_second=round(len(visitors) / took, 1),
        queries=0,
        kilobytes=0.0,
        wrong=max(sum(status != scenario.expect for status in told), len(visitors) - len(numbers)),
    )


def typed(client: Client, scenario: Scenario, number: int) -> dict[str, Any]:
    """What is posted, with every step that comes before it; not part of the measured time."""
    return scenario.fields(client, number) if scenario.fields else {}


def numbered(path: str, number: int) -> str:
    """An address with {n} is another one each time, so that a page that is kept must be made anew."""
    return path.replace("{n}", str(number))


def ask(client: Client, scenario: Scenario, path: str, fields: dict[str, Any]) -> Answer:
    return client.post(path, fields) if scenario.method == "POST" else client.get(path)


def together(client: Client, scenario: Scenario, path: str, requests: int, clients: int) -> float:
    """Answers per second with several connections at once."""

    def work(visitor: Client, first: int) -> None:
        for number in range(first, first + share):
            ask(visitor, scenario, numbered(path, number), typed(visitor, scenario, number))

    share = max(1, requests // clients)
    threads = [threading.Thread(target=work, args=(client.twin(), 100_000 * (i + 1))) for i in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return share * clients / (time.perf_counter() - started)
