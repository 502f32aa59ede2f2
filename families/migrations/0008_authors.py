"""Several authors, a household's name, instructors; mottos may be meant for their recipient only."""

from django.db import migrations, models

import portal.privacy.fields

OLD = ["organisation", "anonymous", "public"]
NEW = ["only_recipient", *OLD]


def widen_mottos(apps, schema_editor):
    """Databases that hold the category already get the fourth audience; what an administrator changed stays."""
    categories = apps.get_model("families", "WorkCategory")
    for row in categories.objects.filter(code="MOTTO"):
        if row.audiences in (OLD, []):
            row.audiences = NEW
            row.save(update_fields=["audiences"])


class Migration(migrations.Migration):

    dependencies = [
        ("families", "0007_work_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="household",
            field=portal.privacy.fields.EncryptedTextField(blank=True, verbose_name="全家署名", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="work",
            name="household_hash",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="work",
            name="household_agreed",
            field=models.BooleanField(default=False, verbose_name="家人同意公开全家署名"),
        ),
        migrations.AddField(
            model_name="work",
            name="instructor",
            field=portal.privacy.fields.EncryptedTextField(blank=True, verbose_name="指导老师", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="author",
            name="pen_name",
            field=portal.privacy.fields.EncryptedTextField(blank=True, verbose_name="笔名", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="author",
            name="pen_hash",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(widen_mottos, migrations.RunPython.noop),
    ]
