"""Into and out of the publish gate."""

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.series.models import Episode
from campaigns.series.rules import EpisodeStatus
from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.reviews.workflow import WorkflowError, move


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
