"""Start-up of the families app."""

from django.apps import AppConfig

from portal.apps import load_slices


class FamiliesConfig(AppConfig):
    """What families bring: works and their likeness today; nominations, honours, points and courtyards have their place here."""

    name = "families"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = (
        "works", "calls", "exhibition", "search", "judging", "letters", "cards", "likeness", "demo",
    )  # fmt: skip

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("families", self.slices)
