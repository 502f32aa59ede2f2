"""Start-up of the families app."""

from importlib.util import find_spec

from django.apps import AppConfig

from portal.apps import load_slices


class FamiliesConfig(AppConfig):
    """See the slices for what each does."""

    name = "families"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = ("works", "demo")

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("families", [name for name in self.slices if find_spec(f"families.{name}")])
