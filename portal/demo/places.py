"""The places of the demonstration, from the division files the project carries."""

from pathlib import Path

from portal.access.actors import SYSTEM
from portal.units import actions, queries
from portal.units.models import CodeSystem

DATA = Path(__file__).resolve().parent.parent / "units" / "data"
LAST = "620000000000"


def load_places() -> None:
    """阳泉 and 铜仁 to the village, 甘肃 to the county (`manage.py import_units` adds the rest). Again: does nothing."""
    if queries.by_no(LAST) is not None and queries.by_no("140300000000-01") is not None:
        return
    _divisions("nbs2023_shanxi_yangquan_l1-5.csv", overrides=DATA / "yangquan_overrides.csv")
    _divisions("nbs2023_guizhou_tongren_l1-5.csv")
    _divisions("nbs2023_gansu_l1-5.csv.gz", deepest=3)
    actions.import_file(
        path=DATA / "mca2025_yangquan_tongren_gansu_l1-4.csv", system=CodeSystem.MCA, with_units=False,
        crosswalk=DATA / "crosswalk_township_nbs2023_mca2025.csv", actor=SYSTEM,
    )  # fmt: skip


def _divisions(name: str, *, overrides: Path | None = None, deepest: int = 5) -> None:
    actions.import_file(
        path=DATA / name, system=CodeSystem.NBS, overrides=overrides, deepest=deepest, actor=SYSTEM
    )
