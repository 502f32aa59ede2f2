"""Every write on series and episodes."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.series import queries, rules
from campaigns.series.models import Episode, Series
from campaigns.series.rules import EpisodeStatus
from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

SERIES_FIELDS = (
    "title", "kind", "campaign", "planned", "outlet", "partners", "summary", "starts_on", "ends_on",
)  # fmt: skip
# What the public reads of the series beside an episode: a change of these is read again.
PUBLIC_FIELDS = frozenset({"title", "outlet", "partners", "summary"})
MEASURES = ("online_visits", "headcount", "likes")
EPISODE_FIELDS = (
    "topic", "section", "speaker", "summary", "works", "link", "due_on", *MEASURES,
    *(f"{name}_estimated" for name in MEASURES),
)  # fmt: skip


def _slug(kind: str) -> str:
    return f"{kind}-{timezone.localdate().year}-{secrets.token_hex(3)}"


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
    known = _series_by_token(client_token, actor)
    if known is not None:
        return known
    try:
        with transaction.atomic():
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
    except IntegrityError as error:
        known = _series_by_token(client_token, actor)
        if known is None:
            raise ValidationError({"slug": _("这个网址名已被别的系列使用，请换一个。")}) from error
        return known


def _series_by_token(token: str | None, actor: User) -> Series | None:
    return Series.objects.filter(client_token=token, created_by=actor).first() if token else None


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


# -- episodes ---------------------------------------------------------------------------------------


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
    known = _episode_by_token(client_token, series)
    if known is not None:
        return known
    _refuse_too_many(series, 1)
    try:
        with transaction.atomic():
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
    except IntegrityError as error:
        known = _episode_by_token(client_token, series)
        if known is None:
            raise ValidationError({"number": _("这个期号已经有了，请换一个。")}) from error
        return known


def _episode_by_token(token: str | None, series: Series) -> Episode | None:
    return Episode.objects.filter(client_token=token, series=series).first() if token else None


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


def shift(*, actor: User, episode: Episode, up: bool) -> Episode:
    """Change places with the nearest planned episode: number and planned day stay where they are, what is
    planned for them moves."""
    scope_of(actor).require(Perm.SERIES_EDIT, episode)
    other = queries.beside(episode, up=up)
    if other is None:
        raise WorkflowError(_("前面（后面）没有可以对调的待发布期次。"))
    _swap(episode, other, actor=actor)
    return episode


def renumber(*, actor: User, episode: Episode, number: int) -> Episode:
    """Give a planned episode another number: a free one, or that of another planned one, which changes places
    with it. Numbers of episodes that went out never change."""
    scope_of(actor).require(Perm.SERIES_EDIT, episode)
    if not 1 <= number <= rules.MOST_EPISODES:
        raise WorkflowError(_("期号请填 1 到 %(most)d。") % {"most": rules.MOST_EPISODES})
    if number == episode.number:
        return episode
    _refuse_fixed(episode)
    other = Episode.objects.filter(series=episode.series_id, number=number).first()
    if other is not None:
        _swap(episode, other, actor=actor)
        return episode
    try:
        with transaction.atomic():
            _place(episode, number, episode.due_on)
            record("episode.moved", actor=actor, target=episode, changed=["number"])
    except IntegrityError as error:
        raise WorkflowError(_("刚刚有同事也在调整顺序，请刷新后再试。")) from error
    return episode


def _refuse_fixed(episode: Episode) -> None:
    if not episode.is_planned:
        raise WorkflowError(_("第 %(n)d 期已发布或已取消，期号不能再变。") % {"n": episode.number})


def _swap(one: Episode, other: Episode, *, actor: User) -> None:
    _refuse_fixed(one)
    _refuse_fixed(other)
    here, there = (one.number, one.due_on), (other.number, other.due_on)
    try:
        with transaction.atomic():
            _place(one, rules.PARKED_NUMBER, one.due_on)
            _place(other, *here)
            _place(one, *there)
            record("episode.moved", actor=actor, target=one, changed=["number", "due_on"])
            record("episode.moved", actor=actor, target=other, changed=["number", "due_on"])
    except IntegrityError as error:
        raise WorkflowError(_("刚刚有同事也在调整顺序，请刷新后再试。")) from error
    for episode in (one, other):
        gate.check_current(episode, actor=actor)


def _place(episode: Episode, number: int, due_on: date | None) -> None:
    """Compare-and-set: only a planned episode that still has the number we read is moved."""
    rows = Episode.objects.filter(pk=episode.pk, number=episode.number, status=EpisodeStatus.PLANNED)
    if rows.update(number=number, due_on=due_on) != 1:
        raise IntegrityError("episode moved meanwhile")
    episode.number, episode.due_on = number, due_on


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


# -- the publish gate -------------------------------------------------------------------------------


def request_public(*, actor: User, episode: Episode) -> Publication:
    """送审: two other people read it before the site shows it."""
    scope_of(actor).require(Perm.SERIES_EDIT, episode)
    if episode.status == EpisodeStatus.CANCELLED:
        raise WorkflowError(_("已取消的期次不能送审。"))
    if not episode.topic:
        raise WorkflowError(_("请先写这一期的主题，再送审。"))
    if episode.is_public:
        raise WorkflowError(_("这一期已经公开了。"))
    return gate.request(episode, actor=actor)


def show(episode: Episode, *, actor: Actor) -> None:
    """Called by the gate when it opens, inside its transaction."""
    if episode.status == EpisodeStatus.PLANNED:
        move(episode, "publish", actor=actor, fields={"aired_at": timezone.now(), "is_public": True})
        return
    if Episode.objects.filter(pk=episode.pk, status=EpisodeStatus.PUBLISHED).update(is_public=True) != 1:
        raise WorkflowError(_("这一期已经取消，不能公开。"))
    episode.is_public = True
    record("episode.shown", actor=actor, target=episode, changed=["is_public"])


def hide(episode: Episode, *, actor: Actor) -> None:
    """Called by the gate when it closes. That the episode went out stays true, and so do number and count."""
    if Episode.objects.filter(pk=episode.pk, is_public=True).update(is_public=False):
        episode.is_public = False
        record("episode.hidden", actor=actor, target=episode, changed=["is_public"])
