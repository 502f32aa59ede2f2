"""Writes on a series itself."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.series import queries
from campaigns.series.models import Series
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.reviews.workflow import move
from portal.units.models import Unit

SERIES_FIELDS = (
    "title", "kind", "campaign", "planned", "outlet", "partners", "summary", "starts_on", "ends_on",
)  # fmt: skip


# What the public reads of the series beside an episode: a change of these is read again.
PUBLIC_FIELDS = frozenset({"title", "outlet", "partners", "summary"})


def _slug(kind: str) -> str:
    return f"{kind}-{timezone.localdate().year}-{secrets.token_hex(3)}"


@once(Series, taken=lambda: ValidationError({"slug": _("这个网址名已被别的系列使用，请换一个。")}))
def create_series(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    slug: str = "",
    client_token: str | None = None,
    is_demo: bool = False,
) -> Series:
    """Plan a series of `unit`; the same token twice gives the first one back.

    Raises ValidationError at `slug` when another series has that address.
    """
    scope_of(actor).require(Perm.SERIES_EDIT, unit)
    series = Series.objects.create(
        slug=slug or _slug(fields["kind"]),
        unit=unit,
        created_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in SERIES_FIELDS if name in fields},
    )
    record("series.created", actor=actor, target=series, changed=fields.keys())
    return series


@transaction.atomic
def edit_series(*, actor: User, series: Series, fields: Mapping[str, Any]) -> Series:
    """Change words, plan and dates. Public episodes carry the series' words: when those change, each of them is
    read again by two people before the site shows it."""
    scope_of(actor).require(Perm.SERIES_EDIT, series)
    changed = [name for name in SERIES_FIELDS if name in fields and getattr(series, name) != fields[name]]
    if not changed:
        return series
    for name in changed:
        setattr(series, name, fields[name])
    series.save(update_fields=[*changed, "updated_at"])
    record("series.edited", actor=actor, target=series, changed=changed)
    if PUBLIC_FIELDS & set(changed):
        for episode in queries.episodes_of(series):
            gate.check_current(episode, actor=actor)
    return series


def step_series(*, actor: User, series: Series, name: str) -> None:
    """Close it, or go on with it."""
    move(series, name, actor=actor)
