"""Loading division files: an operator's act, done from the command line."""

from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.access.actors import SYSTEM, Actor
from portal.journal.actions import record
from portal.units.importing.crosswalk import Tied, tie
from portal.units.importing.loading import Progress, Report, load, silent
from portal.units.importing.overrides import read_overrides
from portal.units.models import Unit


def import_file(
    *,
    path: Path,
    system: str,
    actor: Actor,
    with_units: bool = True,
    overrides: Path | None = None,
    crosswalk: Path | None = None,
    valid_from: date | None = None,
    deepest: int = 5,
    dry_run: bool = False,
    is_demo: bool = False,
    progress: Progress = silent,
) -> tuple[Report, Tied | None]:
    """Load one file completely or not at all; raises ImportRefused. Only the portal's operator may."""
    if actor is not SYSTEM:
        raise PermissionDenied("division files are loaded by the operator")
    special = read_overrides(overrides) if overrides else {}
    with transaction.atomic():
        report = load(
            path, system=system, with_units=with_units, overrides=special, valid_from=valid_from,
            is_demo=is_demo, deepest=deepest, progress=progress,
        )  # fmt: skip
        tied = tie(crosswalk) if crosswalk else None
        root = Unit.objects.filter(depth=1).order_by("path").first()
        if root is not None:
            details = report.as_dict() | {"file": path.name, "system": system}
            record("unit.imported", actor=actor, target=root, unit=root, details=details)
        if dry_run:
            transaction.set_rollback(True)
    return report, tied
