"""How the objects of journal entries are called and where staff open them. Slices register their models.

Without registration `str(obj)` and its `staff_url` (if it has one) are used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.journal.models import JournalEntry
from portal.journal.verbs import VERBS


@dataclass(frozen=True)
class Naming:
    """`title` names the object, `url` is its staff page."""

    title: Callable[[Any], str] = str
    url: Callable[[Any], str] = lambda obj: str(getattr(obj, "staff_url", "") or "")


@dataclass(frozen=True)
class Words:
    """A message about one entry."""

    title: str
    text: str
    url: str


NAMINGS: dict[str, Naming] = {}
# What such a message adds to a list of its own would tell about itself without end.
QUIET_TYPES = {"portal.outgoing"}


def register(model_label: str, naming: Naming) -> None:
    """Tell how rows of `app.model` are named."""
    NAMINGS[model_label.lower()] = naming


def words_for(entry: JournalEntry) -> Words:
    """Title, text and address of the message that tells about an entry."""
    obj = _target(entry)
    naming = NAMINGS.get(entry.target_type, Naming())
    name = naming.title(obj) if obj is not None else ""
    did = str(VERBS[entry.verb].text) if entry.verb in VERBS else entry.verb
    title = _("%(name)s：%(did)s") % {"name": name, "did": did} if name else did
    text = _("%(who)s · %(unit)s") % {"who": actor_name(entry.actor_ref), "unit": entry.unit or _("全站")}
    return Words(title[:200], text[:500], _address(naming, obj))


def _address(naming: Naming, obj: Any | None) -> str:
    if obj is None:
        return ""
    try:
        return naming.url(obj)[:300]
    except NoReverseMatch:  # a slice without pages: the message is still worth reading
        return ""


def _target(entry: JournalEntry) -> Any | None:
    try:
        model = apps.get_model(entry.target_type)
        return model._default_manager.filter(pk=entry.target_id).first()
    except (LookupError, ValueError):
        return None


def person_of(ref: str) -> User | None:
    """The account behind a pseudonym, if it is one."""
    try:
        return User.objects.filter(ref=UUID(ref)).first()
    except ValueError:
        return None


def actor_name(ref: str) -> str:
    """Who it was, as far as staff may read it."""
    if ref == "system":
        return _("系统")
    person = person_of(ref)
    return str(person) if person else _("群众")
