"""The database itself refuses to change or delete what the journal holds."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.journal import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    guards.install(schema_editor.connection)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers, for going back."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Triggers on both databases."""

    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
