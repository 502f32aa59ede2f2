"""How long a national division file takes, and how much memory: `python -m benchmarks.import_units [FILE …]`.

Without a file it makes two of its own (a quarter of the country and all of it, shaped like the national table of
2023: 31 provinces, 665 271 rows, names taken from the 甘肃 file the project carries). Each load runs in a process
of its own against an emptied database: the one of PORTAL_BENCH_DATABASE_URL (its tables are dropped!), else a
SQLite file. Prints rows, seconds, rows/s and peak memory; ends with 1 when a load takes over five minutes or the
peak grows with the file by more than half.
"""

import argparse
import csv
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "portal" / "units" / "data" / "nbs2023_gansu_l1-5.csv.gz"
FULL = 665_271
SHAPE = (
    31,
    11,
    9,
    14,
    15,
)  # provinces, cities in each, counties, townships, villages: 665 000 rows and a little


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.import_units")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.load:
        return load(options.load)
    with tempfile.TemporaryDirectory(prefix="bench-units-") as folder:
        files = options.files or [make(Path(folder), FULL // 4), make(Path(folder), FULL)]
        results = [measure(path, Path(folder)) for path in files]
    print(json.dumps(results, indent=1))
    slow = [one for one in results if one["seconds"] > 300]
    grows = max(one["peak_mb"] for one in results) > 1.5 * min(one["peak_mb"] for one in results)
    return 1 if slow or grows else 0


def make(folder: Path, rows: int) -> Path:
    """A file with the shape of the country, cut off after `rows`."""
    path = folder / f"{rows}.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["code", "name", "level", "parent_code"])
        writer.writerows(itertools.islice(country(), rows))
    return path


def country() -> Iterator[tuple[str, str, int, str]]:
    """Rows in code order; parents before children."""
    names = itertools.cycle(villages())
    provinces, cities, counties, towns, vills = SHAPE
    for province in range(11, 11 + provinces):
        yield f"{province}0000000000", f"第{province}省", 1, ""
        for city in range(1, cities + 1):
            above = f"{province}{city:02}00000000"
            yield above, f"第{city}市", 2, f"{province}0000000000"
            for county in range(1, counties + 1):
                code = f"{province}{city:02}{county:02}"
                yield f"{code}000000", f"第{county}县", 3, above
                for town in range(100, 100 + towns):
                    yield f"{code}{town}000", f"{next(names)[:6]}镇", 4, f"{code}000000"
                    for village in range(200, 200 + vills):
                        yield f"{code}{town}{village}", next(names), 5, f"{code}{town}000"


def villages() -> list[str]:
    """Real names, so that pinyin costs what it costs."""
    with gzip.open(NAMES, "rt", encoding="utf-8") as handle:
        return [row["name"] for row in csv.DictReader(handle) if row["level"] == "5"]


def measure(path: Path, folder: Path) -> dict[str, float]:
    """One load in a process of its own."""
    url = os.environ.get("PORTAL_BENCH_DATABASE_URL", "")
    environment = {**os.environ, "PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(folder / path.stem)}
    (folder / path.stem).mkdir()
    command = [sys.executable, "-m", "benchmarks.import_units", "--load", str(path)]
    answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    print(f"{path.name}: {found}", file=sys.stderr)
    return found


def load(path: Path) -> int:
    """Empty the tables, load, tell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
    import django
    from django.core.management import call_command

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'DROP TABLE "{table}"' + (" CASCADE" if connection.vendor == "postgresql" else "")
            )
    call_command("migrate", verbosity=0, skip_checks=True, run_syncdb=True)
    from portal.access.actors import SYSTEM
    from portal.units import actions
    from portal.units.models import Unit

    started = time.perf_counter()
    report, _tied = actions.import_file(path=path, system="nbs2023", actor=SYSTEM)
    seconds = time.perf_counter() - started
    sound = not any(Unit.objects.find_problems()) if report.rows < 50_000 else None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    facts = {"rows": report.rows, "units": report.units_new, "seconds": round(seconds, 1), "sound": sound}
    facts |= {
        "rows_per_second": round(report.rows / seconds),
        "peak_mb": round(peak),
        "database": connection.vendor,
    }
    print(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
