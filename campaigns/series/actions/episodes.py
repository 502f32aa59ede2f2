"""Writes on episodes: planning, changing, their steps."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.series import queries, rules
from campaigns.series.models import Episode, Series
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError, move

MEASURES = ("online_visits", "headcount", "likes")


EPISODE_FIELDS = (
    "topic", "section", "speaker", "summary", "works", "link", "due_on", *MEASURES,
    *(f"{name}_estimated" for name in MEASURES),
)  # fmt: skip


@once(Episode, taken=lambda: ValidationError({"number": _("这个期号已经有了，请换一个。")}))
def add_episode(
    *,
    actor: User,
    series: Series,
    fields: Mapping[str, Any],
    number: int | None = None,
    picked: Picked | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Episode:
    """Plan one episode, as the last one unless a free number is given.

    The same token twice gives the first one back. Raises ValidationError at `number` when it is taken.
    """
    scope_of(actor).require(Perm.SERIES_EDIT, series)
    _refuse_too_many(series, 1)
    episode = Episode.objects.create(
        series=series,
        unit=series.unit,
        number=number or queries.next_number(series),
        created_by=actor,
        edited_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in EPISODE_FIELDS if name in fields},
    )
    if picked:
        settle(target=episode, actor=actor, picked=picked)
    record("episode.planned", actor=actor, target=episode, changed=fields.keys())
    return episode


def _refuse_too_many(series: Series, more: int) -> None:
    if Episode.objects.filter(series=series).count() + more > rules.MOST_EPISODES:
        raise WorkflowError(_("一个系列最多 %(most)d 期，请另建一个系列。") % {"most": rules.MOST_EPISODES})


@transaction.atomic
def add_many(
    *,
    actor: User,
    series: Series,
    rows: Iterable[tuple[date | None, str, str]],
    client_token: str,
) -> list[Episode]:
    """Plan several at once: (day, topic, section) each, numbered after the last one. Sent twice, they are
    there once."""
    scope_of(actor).require(Perm.SERIES_EDIT, series)
    if Episode.objects.filter(series=series, client_token__startswith=f"{client_token}:").exists():
        return []
    rows = list(rows)
    if len(rows) > rules.MOST_AT_ONCE:
        raise WorkflowError(_("一次最多安排 %(most)d 期。") % {"most": rules.MOST_AT_ONCE})
    _refuse_too_many(series, len(rows))
    first = queries.next_number(series)
    made = []
    for place, (due_on, topic, section) in enumerate(rows):
        fields = {"due_on": due_on, "topic": topic, "section": section}
        made.append(
            add_episode(
                actor=actor,
                series=series,
                fields=fields,
                number=first + place,
                client_token=f"{client_token}:{place}",
            )
        )
    return made


@transaction.atomic
def edit_episode(
    *,
    actor: User,
    episode: Episode,
    fields: Mapping[str, Any],
    picked: Picked | None = None,
    aired_on: date | None = None,
) -> Episode:
    """Change what is known of an episode; a public one is read again when its words change.

    The number is not among the fields: `renumber` and `shift` move what has not gone out yet.
    """
    scope_of(actor).require(Perm.SERIES_EDIT, episode)
    values = {name: fields[name] for name in EPISODE_FIELDS if name in fields}
    if aired_on is not None and episode.is_published:
        values["aired_at"] = _moment(aired_on, episode.aired_at)
    changed = [name for name, value in values.items() if getattr(episode, name) != value]
    for name in changed:
        setattr(episode, name, values[name])
    if changed:
        episode.edited_by = actor
        episode.save(update_fields=[*changed, "edited_by", "updated_at"])
    if picked:
        settle(target=episode, actor=actor, picked=picked)
    if changed or picked:
        record("episode.edited", actor=actor, target=episode, changed=changed)
        gate.check_current(episode, actor=actor)
    return episode


def _moment(day: date, known: datetime | None = None) -> datetime:
    """A day as a moment: nine in the morning, or the moment that is kept when the day is the same."""
    if known is not None and timezone.localtime(known).date() == day:
        return known
    return datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_default_timezone())


def step(
    *, actor: User, episode: Episode, name: str, reason: str = "", aired_on: date | None = None
) -> Episode:
    """Register as gone out, cancel, correct, restore.

    `aired_on` is the day it went out; raises WorkflowError for a day ahead.
    """
    if name not in rules.STAFF_STEPS:
        raise WorkflowError(_("没有这个操作，请刷新页面后再试。"))
    fields: dict[str, Any] = {}
    if name == "air":
        day = aired_on or timezone.localdate()
        if day > timezone.localdate():
            raise WorkflowError(_("发布日期还没到；到了那天再登记。"))
        if not episode.topic:
            raise WorkflowError(_("请先写这一期的主题。"))
        fields["aired_at"] = _moment(day)
    if name == "retract":
        if episode.is_public:
            raise WorkflowError(_("这一期正在本站公开，请先在发布审核里撤下。"))
        fields["aired_at"] = None
    with transaction.atomic():
        move(episode, name, actor=actor, reason=reason, fields=fields)
        if name in {"cancel", "retract"}:
            gate.withdraw(episode, actor=actor, reason=reason)
    return episode
