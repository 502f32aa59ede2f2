"""Start-up of the volunteers app."""

from importlib.util import find_spec

from django.apps import AppConfig

from portal.apps import load_slices


class VolunteersConfig(AppConfig):
    """See the slices for what each does."""

    name = "volunteers"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = ()

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("volunteers", [name for name in self.slices if find_spec(f"volunteers.{name}")])
