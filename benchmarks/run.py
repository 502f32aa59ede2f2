"""The runner behind bin/bench: floor first, then every scenario at every size, as a table and as JSON."""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.client import Client
from benchmarks.databases import postgres_for
from benchmarks.measure import Figures, measure
from benchmarks.scenarios import SCENARIOS, Scenario, bare_photos
from benchmarks.server import Server

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PORTAL_BENCH_DATA") or ROOT / ".data" / "bench")
FLOOR = Scenario("floor", "/")
UPLOAD = Scenario("upload floor", "/upload", method="POST", fields=bare_photos, requests=8)
MARK = "<!-- figures: written by `bin/bench --write`, everything below is replaced -->"
PREPARE = ROOT / "bin" / "_parts" / "prepare.py"


def main(argv: list[str] | None = None) -> int:
    options = parse(argv)
    scenarios = [one for one in SCENARIOS if one.name.startswith(tuple(options.only.split(",")))]
    if options.list:
        print("\n".join(one.name for one in scenarios))
        return 0
    report: dict[str, Any] = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    floors = measure_floors(scenarios, options)
    report |= {"floors": [one.as_dict() for one in floors.values()], "sizes": []}
    for size in [int(text) for text in options.activities.split(",")]:
        for works in [int(text) for text in options.works.split(",")] if options.works else [size // 10]:
            report["sizes"].append(measure_size(size, works, scenarios, floors, options))
    text = as_table(report)
    print(text)
    keep(report, text, options)
    broken = promises(report, scenarios)
    print("\n".join(broken))
    return 1 if broken else 0


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--activities", default="1000")
    parser.add_argument("--works", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "reports" / "latest.json")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args(argv)


def measure_floors(scenarios: list[Scenario], options: argparse.Namespace) -> dict[str, Figures]:
    """The bare page, and the bare upload when somebody is compared with it."""
    wanted = [FLOOR, *(one for one in (UPLOAD,) if any(other.floor == one.name for other in scenarios))]
    environment = {"PORTAL_BENCH_FLOOR": str(DATA / "floor")}
    found = {}
    with Server("benchmarks.floor:application", "/", environment, DATA / "floor.log") as server:
        for scenario in wanted:
            client = Client(server.port)
            found[scenario.name] = measure(
                client, scenario, requests=options.requests, clients=options.clients
            )
            found[scenario.name].ratio = found[scenario.name].min_ratio = 1.0
    return found


def measure_size(
    size: int, works: int, scenarios: list[Scenario], floors: dict[str, Figures], options: argparse.Namespace
) -> dict[str, Any]:
    """Every scenario with this many activities and works in the database."""
    url = "" if options.sqlite else postgres_for(f"portal_bench_{size}_{works}")
    folder = DATA / f"{'postgres' if url else 'sqlite'}-{size}-{works}"
    environment = {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_DATABASE_TIMEOUT_MS": "600000",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PORTAL_MODE": "embedded",
        "PORTAL_DEMO": "1",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_STAFF_IDLE_MINUTES": "600",
    }
    seed(folder, size, works, environment)
    with Server("portal.wsgi:application", "/healthz", environment, folder / "web.log") as server:
        at_start = server.megabytes()
        visitors = Visitors(server.port, folder)
        rows = [one_row(visitors, scenario, floors[scenario.floor], options) for scenario in scenarios]
        at_end = server.megabytes()
    return {
        "database": "PostgreSQL" if url else "SQLite",
        "activities": size,
        "works": works,
        "mb_at_start": at_start,
        "mb_at_end": at_end,
        "rows": rows,
    }


def one_row(
    visitors: "Visitors", scenario: Scenario, floor: Figures, options: argparse.Namespace
) -> dict[str, Any]:
    """A scenario that cannot run says why in its row instead of ending the others."""
    try:
        client = visitors.get(scenario.signed_in_as)
        figures = measure(client, scenario, requests=options.requests, clients=options.clients)
    except (LookupError, RuntimeError, OSError) as error:
        return {"name": scenario.name, "error": str(error)}
    figures.ratio = round(figures.p50_ms / floor.p50_ms, 1)
    figures.min_ratio = round(figures.min_ms / floor.min_ms, 1)
    return figures.as_dict()


class Visitors:
    """One signed-in client per demo account, made on first use."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.known = port, {"": Client(port)}
        told = folder / "demo-accounts.json"
        self.password = json.loads(told.read_text("utf-8"))["password"] if told.exists() else ""

    def get(self, username: str) -> Client:
        if username not in self.known:
            client = Client(self.port)
            client.sign_in(username, self.password)
            self.known[username] = client
        return self.known[username]


def seed(folder: Path, size: int, works: int, environment: dict[str, str]) -> None:
    """The demo and `size` more activities; made once, then kept."""
    done = folder / "seeded"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"making {size} activities and {works} works …", flush=True)
    scale = ["manage.py", "seed_scale", "--activities", str(size), "--works", str(works), "--seed", "1"]
    for arguments in ([str(PREPARE)], scale):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=True)
    done.touch()


def machine() -> str:
    """What it ran on, and how busy that was with other work."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, {memory:.0f} GB; load of the machine before the start {load}"
    )


def as_table(report: dict[str, Any]) -> str:
    """Markdown, readable in a terminal too."""
    head = "| page | min ms | p50 ms | p95 ms | x floor | x floor, min | answers/s | queries | KB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    parts = [f"{report['machine']}, {report['made']}", "", head, *(row_text(row) for row in report["floors"])]
    for size in report["sizes"]:
        memory = f"web process {size['mb_at_start']} MB at start, {size['mb_at_end']} MB at the end"
        parts += [
            "",
            f"{size['database']}, {size['activities']} activities, {size['works']} works; {memory}",
            "",
            head,
        ]
        parts += [row_text(row) for row in size["rows"]]
    return "\n".join(parts)


def row_text(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"| {row['name']} | not measured: {row['error']} | | | | | | | |"
    wrong = f" ({row['wrong']} wrong)" if row["wrong"] else ""
    names = ("min_ms", "p50_ms", "p95_ms", "ratio", "min_ratio", "per_second", "queries", "kilobytes")
    cells = [row[name] for name in names]
    return f"| {row['name']}{wrong} | " + " | ".join(str(cell) for cell in cells) + " |"


def keep(report: dict[str, Any], text: str, options: argparse.Namespace) -> None:
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if options.write:
        page = ROOT / "docs" / "benchmarks.md"
        before = page.read_text("utf-8").partition(MARK)[0] if page.exists() else "# Benchmarks\n\n"
        page.write_text(f"{before}{MARK}\n\n{text}\n", "utf-8")


def promises(report: dict[str, Any], scenarios: list[Scenario]) -> list[str]:
    """Wrong answers, pages that could not be measured, and promises that were not kept."""
    told = {scenario.name: scenario for scenario in scenarios}
    broken = []
    for size in report["sizes"]:
        for row in size["rows"]:
            where, scenario = f"{row['name']} at {size['activities']}", told[row["name"]]
            if "error" in row:
                broken.append(f"NOT MEASURED {where}: {row['error']}")
                continue
            if row["wrong"]:
                broken.append(f"WRONG ANSWERS {where}: {row['wrong']}")
            if scenario.ceiling and row["ratio"] > scenario.ceiling:
                broken.append(
                    f"SLOWER THAN PROMISED {where}: {row['ratio']} x floor, promised {scenario.ceiling}"
                )
            if scenario.queries and row["queries"] > scenario.queries:
                broken.append(
                    f"MORE QUERIES THAN PROMISED {where}: {row['queries']}, promised {scenario.queries}"
                )
    return broken


if __name__ == "__main__":
    sys.exit(main())
