"""Start-up of the campaigns app."""

from django.apps import AppConfig

from portal.apps import load_slices


class CampaignsConfig(AppConfig):
    """What a federation does in its campaigns: plans, tasks, the activity log and everything it is carried by."""

    name = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    slices: tuple[str, ...] = (
        "planning", "activities", "packages", "tasks", "calendar", "series", "venues", "materials", "visits",
        "stories", "pledges", "quizzes", "demo",
    )  # fmt: skip

    def ready(self) -> None:
        """Fill the registries."""
        load_slices("campaigns", self.slices)
