"""Writing stories and bringing them through the publish gate."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.stories.models import Story, StoryVersion
from campaigns.stories.rules import Status
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "kind", "title", "lead", "body", "parts", "campaign", "cover", "source_name", "source_url", "happened_on",
    "expires_on",
)  # fmt: skip


@once(Story, taken=lambda: WorkflowError(_("这个网址名已经有人用了，请换一个。")))
def create(
    *,
    actor: Any,
    unit: Unit,
    slug: str,
    fields: Mapping[str, Any],
    documents: Picked | None = None,
    token: str | None = None,
    is_demo: bool = False,
) -> Story:
    """Draft a story; the same token twice gives the first one back. Needs STORY_EDIT at the unit."""
    scope_of(actor).require(Perm.STORY_EDIT, unit)
    row = Story.objects.create(
        unit=unit, slug=slug, created_by=actor, client_token=token or None, is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    settle_all(target=row, actor=actor, picked=(documents,))
    record("story.created", actor=actor, target=row, changed=sorted(fields))
    return row


@transaction.atomic
def edit(
    *,
    actor: Any,
    story: Story,
    fields: Mapping[str, Any],
    documents: Picked | None = None,
    seen: int | None = None,
) -> Story:
    """Change a story. The words before are kept as a version; what was read or is public goes through the gate again.

    `seen` is the version the form showed: somebody else's change in between is not overwritten.
    """
    scope_of(actor).require(Perm.STORY_EDIT, story)
    story.refresh_from_db()
    values = {
        name: fields[name] for name in FIELDS if name in fields and getattr(story, name) != fields[name]
    }
    if not values and not documents:
        return story
    before, new_expiry = _words(story), "expires_on" in values
    rows = Story.objects.filter(pk=story.pk, version=seen or story.version)
    if not rows.update(**values, version=F("version") + 1, updated_at=timezone.now()):
        raise WorkflowError(
            _("刚刚有另一位同事改过这篇文章。您写的都还在这一页，请先复制，再打开看新的内容。")
        )
    StoryVersion.objects.create(story=story, number=story.version, words=before, replaced_by=actor)
    story.refresh_from_db()
    settle_all(target=story, actor=actor, picked=(documents,))
    changed = [*sorted(values), *(["documents"] if documents else [])]
    record("story.edited", actor=actor, target=story, changed=changed)
    if new_expiry and open_of(story) is not None:
        _begin_again(story, actor=actor)
    else:
        gate.check_current(story, actor=actor)
    story.refresh_from_db()
    return story


def _words(story: Story) -> dict[str, Any]:
    kept = {name: getattr(story, name) for name in FIELDS if name != "campaign"}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in kept.items()}


def _begin_again(story: Story, *, actor: Any) -> None:
    """The date of leaving belongs to the process, so another date needs another process."""
    gate.owner_withdrew(story, actor=SYSTEM, reason=_("改了到期日，重新送审"))
    story.refresh_from_db()
    if story.status == Status.REVIEW:
        move(story, "recall", actor=actor)
    submit(actor=actor, story=story)


@transaction.atomic
def submit(*, actor: Any, story: Story) -> None:
    """送审: opens the publish gate; two other people read it."""
    if story.expires_on is not None and story.expires_on < timezone.localdate():
        raise WorkflowError(_("到期日已经过了，请先改到期日。"))
    if not story.body.strip() and not story.parts:
        raise WorkflowError(_("还没有正文，写好再送审。"))
    move(story, "submit", actor=actor)
    ends = None
    if story.expires_on is not None:
        ends = timezone.make_aware(datetime.combine(story.expires_on + timedelta(days=1), time.min))
    gate.request(story, actor=actor, expires_at=ends)


@transaction.atomic
def recall(*, actor: Any, story: Story) -> None:
    """Take it out of the review to change it at leisure."""
    move(story, "recall", actor=actor)
    gate.withdraw(story, actor=SYSTEM)


# -- called by the gate -------------------------------------------------------------------------------


def passed(story: Story, actor: Any) -> None:
    """Two people have read it."""
    move(story, "pass_gate", actor=actor, fields={"published_at": timezone.now()})


def sent_back(story: Story, actor: Any, reason: str) -> None:
    """A reader returned it."""
    if story.status == Status.REVIEW:
        move(story, "fail_gate", actor=actor, reason=reason)


def gone(story: Story, actor: Any, reason: str) -> None:
    """Taken down, or past its date."""
    if story.status == Status.PUBLISHED:
        move(story, "take_down", actor=actor, reason=reason)


def restarted(story: Story, actor: Any) -> None:
    """What is shown has changed: off the page until two people have read it again."""
    if story.status == Status.PUBLISHED:
        move(story, "restart", actor=actor)
