"""An app for the drilled site only: slow work that shows how far it is."""

import time
from typing import Any

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """Registers the drills' jobs in every process of the drilled site."""

    name = "tests.drills"

    def ready(self) -> None:
        from portal.jobs.registry import job

        job("drill.slow", attempts=5)(slow)
        job("drill.quick")(quick)


def slow(run: Any, *, seconds: int) -> dict[str, int]:
    """Some seconds of work with signs of life."""
    for second in range(seconds):
        run.progress(second, seconds)
        time.sleep(1)
    return {"seconds": seconds}


def quick(run: Any, *, number: int) -> dict[str, int]:
    """Work that is over at once."""
    return {"number": number}
