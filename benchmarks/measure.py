"""Bounded loops over one scenario: latency with one client, answers per second with several."""

import statistics
import threading
import time
from dataclasses import asdict, dataclass

from benchmarks.client import Answer, Client
from benchmarks.scenarios import Scenario

WARM_UP = 5


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
    for number in range(WARM_UP):
        last = ask(client, scenario, path, -1 - number)
    times, wrong = [], 0
    for number in range(requests):
        started = time.perf_counter()
        last = ask(client, scenario, path, number)
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


def ask(client: Client, scenario: Scenario, path: str, number: int) -> Answer:
    if scenario.method == "POST":
        return client.post(path, scenario.fields(client, number) if scenario.fields else {})
    return client.get(path)


def together(client: Client, scenario: Scenario, path: str, requests: int, clients: int) -> float:
    """Answers per second with several connections at once."""

    def work(visitor: Client, first: int) -> None:
        for number in range(first, first + share):
            ask(visitor, scenario, path, number)

    share = max(1, requests // clients)
    threads = [threading.Thread(target=work, args=(client.twin(), 100_000 * (i + 1))) for i in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return share * clients / (time.perf_counter() - started)
