"""Start-up: registries are filled here, and only here."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

# What a slice may bring; imported when present so that registration happens once, in a fixed order.
REGISTERING = ("verbs", "tasks", "metrics", "wiring")


def load_slices(package: str, slices: tuple[str, ...]) -> None:
    """Import the registering modules of every slice of an app."""
    for name in slices:
        for module in REGISTERING:
            path = f"{package}.{name}.{module}"
            if find_spec(path) is not None:
                import_module(path)


class PortalConfig(AppConfig):
    """The kernel."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "清廉家风"
    slices = (
        "jobs", "journal", "workdays", "units", "accounts", "grants", "privacy", "files", "drafts", "listing", "importing", "reviews",
        "complaints", "publication", "notifications", "dashboards", "pages", "demo",
    )  # fmt: skip

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("portal", self.slices)
