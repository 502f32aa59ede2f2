"""Start-up of the volunteers app."""

from django.apps import AppConfig

from portal.apps import load_slices


class VolunteersConfig(AppConfig):
    """Speakers, talks and volunteers have their place here; no slice yet."""

    name = "volunteers"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = ()

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("volunteers", self.slices)
