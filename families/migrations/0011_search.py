"""The index of published works: a table of terms on PostgreSQL, an FTS5 table on SQLite; filled from the works."""

import django.db.models.deletion
from django.db import migrations, models

import families.search.fields


def make(apps, schema_editor):
    for sql in families.search.fields.statements(schema_editor.connection.vendor)[0]:
        schema_editor.execute(sql)


def remove(apps, schema_editor):
    for sql in families.search.fields.statements(schema_editor.connection.vendor)[1]:
        schema_editor.execute(sql)


def fill(apps, schema_editor):
    """Every work that is public already."""
    from families.search.rules import place_in_order, tag, terms_of

    works = apps.get_model("families", "Work").objects.filter(
        publish_state="published", audience__in=("anonymous", "public"), published_at__isnull=False
    )
    entry, rows = apps.get_model("families", "WorkSearch"), []
    fields = ("pk", "title", "text", "story", "category_id", "county_id", "call_id", "published_at")
    for pk, title, text, story, kind, county, call, at in works.order_by("pk").values_list(*fields).iterator(1000):
        terms = terms_of(title, text, story) | {tag("work", pk), tag("kind", kind), tag("county", county), tag("call", call)}
        rows.append(entry(seq=place_in_order(at, pk), work_id=pk, terms=terms))
        if len(rows) == 1000:
            entry.objects.bulk_create(rows, batch_size=250)
            rows = []
    entry.objects.bulk_create(rows, batch_size=250)


class Migration(migrations.Migration):

    dependencies = [
        ("families", "0010_media"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make, remove)],
            state_operations=[
                migrations.CreateModel(
                    name='WorkSearch',
                    fields=[
                        ('seq', models.BigIntegerField(db_column='rowid', primary_key=True, serialize=False)),
                        ('terms', families.search.fields.TermsField()),
                        ('work', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='families.work')),
                    ],
                    options={
                        'db_table': 'families_worksearch',
                        'ordering': ['-seq'],
                    },
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
