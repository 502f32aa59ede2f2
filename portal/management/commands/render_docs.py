"""`manage.py render_docs [--check]`: pages of docs/reference/ that the code already knows."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from portal.access.permissions import Perm
from portal.access.roles import ROLES, Reach
from portal.journal.verbs import VERBS

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
NOTE = "<!-- made by `manage.py render_docs`; do not edit -->\n\n"
MARKS = {Reach.OWN: "own", Reach.UNIT: "unit", Reach.SUBTREE: "subtree"}


def permissions_page() -> str:
    """Role × permission × reach."""
    lines = ["# Roles and permissions", "", "| permission | roles (reach) |", "| --- | --- |"]
    for perm in Perm:
        holders = [
            f"{role.value} ({MARKS[spec.perms[perm]]})" for role, spec in ROLES.items() if perm in spec.perms
        ]
        lines.append(f"| `{perm.value}` | {', '.join(holders)} |")
    lines += ["", "| role | 名称 | may grant | second factor |", "| --- | --- | --- | --- |"]
    for role, spec in ROLES.items():
        may = ", ".join(sorted(given.value for given in spec.grants)) or "–"
        lines.append(
            f"| `{role.value}` | {spec.label} | {may} | {'required' if spec.second_factor else '–'} |"
        )
    return "\n".join(lines) + "\n"


def workflows_page() -> str:
    """Every transition table."""
    lines = ["# Workflows", ""]
    for model in sorted(apps.get_models(), key=lambda known: known._meta.label):
        if not hasattr(model, "transitions"):
            continue
        states = dict(model._meta.get_field("status").choices)
        lines += [
            f"## {model._meta.label}",
            "",
            "| step | from | to | permission | not by | reason |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for row in model.transitions.values():
            sources = ", ".join(f"{source} {states[source]}" for source in sorted(row.sources))
            lines.append(
                f"| {row.name} {row.label} | {sources} | {row.target} {states[row.target]} | "
                f"{f'`{row.perm.value}`' if row.perm else 'by its action'} | {', '.join(row.not_by) or '–'} | {'yes' if row.needs_reason else '–'} |"
            )
        lines.append("")
    return "\n".join(lines)


def verbs_page() -> str:
    """Every verb of the journal and who is told."""
    lines = ["# Journal verbs", "", "| verb | words | tells holders of |", "| --- | --- | --- |"]
    for verb in sorted(VERBS.values(), key=lambda known: known.code):
        lines.append(f"| `{verb.code}` | {verb.text} | {f'`{verb.tell.value}`' if verb.tell else '–'} |")
    return "\n".join(lines) + "\n"


PAGES = {"permissions.md": permissions_page, "workflows.md": workflows_page, "verbs.md": verbs_page}


def rendered() -> dict[str, str]:
    """File name → text, in the source language."""
    with translation.override("zh-hans"):
        return {name: NOTE + page() for name, page in PAGES.items()}


class Command(BaseCommand):
    """Writes the pages, or with --check fails when one is stale."""

    help = "Generate docs/reference/."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--check", action="store_true", help="only compare, exit 1 when a page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        stale = []
        for name, text in rendered().items():
            file = FOLDER / name
            if not file.exists() or file.read_text("utf-8") != text:
                stale.append(name)
                if not options["check"]:
                    file.write_text(text, "utf-8")
        if options["check"] and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py render_docs")
        self.stdout.write(f"{len(stale)} page(s) {'stale' if options['check'] else 'written'}")
