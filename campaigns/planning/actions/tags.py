"""Writes on tag sets."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from campaigns.planning.models import Tag, TagSet
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.units.models import Unit


@transaction.atomic
def save_tag_set(
    *,
    actor: User,
    unit: Unit,
    name: str,
    tags: Sequence[Mapping[str, Any]],
    note: str = "",
    tag_set: TagSet | None = None,
    is_demo: bool = False,
) -> TagSet:
    """Add or change a set with its tags: dicts of `pk` (None for a new one), `name`, `is_retired`, in order.

    A tag that is left out and was never used is deleted; a used one is retired, so that records keep it.
    Raises IntegrityError when the unit has a set, or the set a tag, of that name.
    """
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, tag_set.unit if tag_set is not None else unit)
    if tag_set is None:
        tag_set = TagSet.objects.create(unit=unit, name=name, note=note, is_demo=is_demo)
    else:
        TagSet.objects.filter(pk=tag_set.pk).update(name=name, note=note)
        tag_set.refresh_from_db()
    known = {tag.pk: tag for tag in tag_set.tags.all()}
    by_name = {tag.name: tag.pk for tag in known.values()}
    taken = {row.get("pk") for row in tags}
    kept = set()
    for sort, row in enumerate(tags):
        values = {"name": row["name"], "sort": sort, "is_retired": bool(row.get("is_retired"))}
        pk = row.get("pk") or by_name.get(row["name"])
        if pk != row.get("pk") and pk in taken:
            pk = None  # another row renames the tag that had this name
        if pk in known:
            Tag.objects.filter(pk=pk).update(**values)
            kept.add(pk)
        else:
            kept.add(Tag.objects.create(tag_set=tag_set, **values).pk)
    left_out = Tag.objects.filter(tag_set=tag_set).exclude(pk__in=kept)
    left_out.filter(activities__isnull=True).delete()
    left_out.update(is_retired=True)
    record("tag_set.saved", actor=actor, target=tag_set, changed=["name", "note", "tags"])
    return tag_set
