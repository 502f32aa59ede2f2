"""Order of what has not gone out yet; numbers of the rest never change."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.series import queries, rules
from campaigns.series.models import Episode
from campaigns.series.rules import EpisodeStatus
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError


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
