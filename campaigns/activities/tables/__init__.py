"""Reading activity tables (xlsx, csv): bytes → rows → what each would become → records, through actions."""

from campaigns.activities.tables import actions

__all__ = ["actions"]
