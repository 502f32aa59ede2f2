"""`manage.py import_units FILE`: division tables into divisions and the federation's units."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM
from portal.units import actions
from portal.units.importing.reading import ImportRefused
from portal.units.models import CodeSystem


class Command(BaseCommand):
    """The file is checked as a whole first and written in one transaction: it is loaded completely or not at all."""

    help = (
        "Load a division file (.csv, .csv.gz, .csv.xz; columns code,name,level,parent_code). "
        "All or nothing: after an error nothing was written. Loading a file again adds what is new, "
        "updates changed names of divisions and leaves units as people have arranged them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """See --help."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--system", choices=CodeSystem.values, default=CodeSystem.NBS.value)
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--units", action="store_true", help="make federation units (default for nbs2023)")
        group.add_argument(
            "--divisions-only", action="store_true", help="make no units (default for mca2025)"
        )
        parser.add_argument(
            "--overrides", type=Path, help="where the federation's tree differs from the file"
        )
        parser.add_argument("--crosswalk", type=Path, help="tie units to this system's divisions by a table")
        parser.add_argument("--valid-from", type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument(
            "--deepest", type=int, choices=range(1, 6), default=5, help="leave out lower levels"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what was done."""
        with_units = options["units"] or (
            options["system"] == CodeSystem.NBS and not options["divisions_only"]
        )
        try:
            report, tied = actions.import_file(
                path=options["file"], system=options["system"], with_units=with_units,
                overrides=options["overrides"], crosswalk=options["crosswalk"], valid_from=options["valid_from"],
                deepest=options["deepest"], dry_run=options["dry_run"], actor=SYSTEM, progress=self._progress(options["verbosity"]),
            )  # fmt: skip
        except ImportRefused as refused:
            raise CommandError(
                _("没有导入，什么都没有改动。") + "\n" + "\n".join(refused.faults)
            ) from refused
        if options["dry_run"]:
            self.stdout.write(_("试导入，没有写入："))
        self.stdout.write(
            _(
                "%(rows)d 行；区划新增 %(divisions_new)d、更新 %(divisions_changed)d；单位新增 %(units_new)d、已有 %(units_kept)d"
            )
            % report.as_dict()
        )
        if tied is not None:
            self.stdout.write(_("两套代码对上 %(units)d 个单位，%(unknown)d 行没有对应的单位") % vars(tied))

    def _progress(self, verbosity: int) -> Any:
        shown = [0]

        def tell(done: int, total: int) -> None:
            if verbosity and done - shown[0] >= 100_000:
                shown[0] = done
                self.stderr.write(f"{done} / {total}")

        return tell
