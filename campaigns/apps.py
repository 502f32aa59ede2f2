"""Start-up of the campaigns app."""

from importlib.util import find_spec

from django.apps import AppConfig

from portal.apps import load_slices


class CampaignsConfig(AppConfig):
    """See the slices for what each does."""

    name = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = ("planning", "activities", "demo")

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("campaigns", [name for name in self.slices if find_spec(f"campaigns.{name}")])
