"""bin/check: everything that can be judged without running the tests; one line per check, then what each said."""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import bootstrap
from sentences import CannotGoOn, Exit, say, tell

ROOT = bootstrap.ROOT
PARTS = ROOT / "bin" / "_parts"
APPS = ("portal", "campaigns", "families", "volunteers")
SHOWN_LINES = 40
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run(['--no-cache', '--no-logo'])"


@dataclass
class Check:
    """One check: what it is called, what it runs (arguments of the `.venv` Python), with which settings."""

    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    code: int = 0
    seconds: float = 0.0
    output: str = ""


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = parse(argv)
    try:
        python = bootstrap.ensure(bootstrap.DEVELOPMENT)
        if options.fix:
            fix(python)
        if options.docs:
            subprocess.run([python, "manage.py", "render_docs"], cwd=ROOT, check=False)
        if options.messages:
            subprocess.run([python, PARTS / "catalogue.py", "--update"], cwd=ROOT, check=False)
        with tempfile.TemporaryDirectory(prefix="portal-check-") as scratch:
            wanted = [check for check in checks(scratch) if not options.names or check.name in options.names]
            with ThreadPoolExecutor(max_workers=2) as pool:
                list(pool.map(lambda check: carry_out(python, check, scratch), wanted))
        return report(wanted)
    except CannotGoOn as error:
        return tell(error)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)


def parse(argv: list[str] | None) -> argparse.Namespace:
    names = [check.name for check in checks("")]
    parser = argparse.ArgumentParser(
        prog="bin/check",
        description="Lint, format, types, templates, layers, migrations, translations, security.",
    )
    parser.add_argument("names", nargs="*", metavar="CHECK", help=", ".join(names))
    parser.add_argument("--fix", action="store_true", help="first let ruff mend and format what it can")
    parser.add_argument(
        "--messages", action="store_true", help="first bring the English catalogue up to date"
    )
    parser.add_argument(
        "--docs", action="store_true", help="first write the generated pages of docs/reference"
    )
    options = parser.parse_args(argv)
    unknown = set(options.names) - set(names)
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))} (there are: {', '.join(names)})")
    return options


def checks(scratch: str) -> list[Check]:
    """The checks, slow ones first so that two at a time finish early."""
    return [
        Check("types", ["-m", "mypy", "--no-error-summary"]),
        Check("deploy", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], production(scratch)),
        Check("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("templates", [str(PARTS / "templates.py")]),
        Check("translations", [str(PARTS / "catalogue.py")]),
        Check("docs", ["manage.py", "render_docs", "--check"]),
        Check("djlint", ["-m", "djlint", "templates", "--lint", "--quiet"]),
        Check("layers", ["-c", LINT_IMPORTS]),
        Check(
            "security",
            ["-m", "bandit", "-q", "-r", *APPS, "-c", "pyproject.toml", "--severity-level", "medium"],
        ),
        Check("lint", ["-m", "ruff", "check", "--output-format", "concise", "."]),
        Check("format", ["-m", "ruff", "format", "--check", "--output-format", "concise", "."]),
    ]


def production(scratch: str) -> dict[str, str]:
    """An environment as docs/operations.md asks for; nothing in it is used by a real site."""
    return {
        "PORTAL_MODE": "production",
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(60),
        "PORTAL_VAULT_KEYS": secrets.token_urlsafe(60),
        "PORTAL_ALLOWED_HOSTS": "portal.example.gov.cn",
        "PORTAL_BASE_URL": "https://portal.example.gov.cn",
        "PORTAL_HTTPS": "1",
        "PORTAL_TRUSTED_PROXIES": "1",
        "PORTAL_DATABASE_URL": "postgres://portal@127.0.0.1:5432/portal",
        "PORTAL_REDIS_URL": "redis://127.0.0.1:6379/0",
        "PORTAL_DATA_DIR": str(Path(scratch) / "production"),
    }


def carry_out(python: Path, check: Check, scratch: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    own = {
        "PORTAL_DATA_DIR": str(Path(scratch) / check.name),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "TMPDIR": scratch,
    }
    started = time.monotonic()
    result = subprocess.run(
        [str(python), *check.arguments], cwd=ROOT, env={**kept, **own, **check.environment}, text=True,
        errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    check.code, check.output, check.seconds = result.returncode, result.stdout, time.monotonic() - started


def fix(python: Path) -> None:
    subprocess.run([python, "-m", "ruff", "check", "--fix", "--quiet", "."], cwd=ROOT, check=False)
    subprocess.run([python, "-m", "ruff", "format", "--quiet", "."], cwd=ROOT, check=False)


def shortened(check: Check, of: int) -> str:
    """All of it when the check was asked for by name, else its last lines."""
    lines = check.output.rstrip().splitlines()
    if of == 1 or len(lines) <= SHOWN_LINES:
        return "\n".join(lines)
    return "\n".join([f"… ({len(lines)} lines; all of them: bin/check {check.name})", *lines[-SHOWN_LINES:]])


def report(done: list[Check]) -> int:
    """What the broken ones said, then the table; returns the exit code."""
    for check in done:
        if check.code:
            say(f"\n== {check.name} ==\n{shortened(check, len(done))}")
    say("")
    for check in done:
        lines = [line for line in check.output.strip().splitlines() if line.strip()]
        last = lines[-1].strip()[:90] if lines else ""
        say(f"{check.name:<14}{'FAILED' if check.code else 'ok':<8}{check.seconds:6.1f}s  {last}")
    broken = [check.name for check in done if check.code]
    say(
        f"\n{len(broken)} of {len(done)} failed: {', '.join(broken)}"
        if broken
        else f"\nall {len(done)} passed"
    )
    return int(Exit.FAILED) if broken else int(Exit.OK)


if __name__ == "__main__":
    sys.exit(main())
