"""The registry of verbs: what can be recorded, its words, and who is told."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm


@dataclass(frozen=True)
class Verb:
    """`<noun>.<past>`; `text` completes the sentence "someone …"; `tell` names the permission whose
    holders at the entry's unit get a message. `beside`: tells of something beside the row, whose own fields (and
    figures) stay as they are."""

    code: str
    text: Promise | str
    tell: Perm | None = None
    beside: bool = False


VERBS: dict[str, Verb] = {}


def register(*verbs: Verb) -> None:
    """Add verbs; called from the slices' `verbs.py` when the app is ready. A code is given once."""
    for verb in verbs:
        if VERBS.get(verb.code, verb) != verb:
            raise ImproperlyConfigured(f"verb {verb.code} is registered twice")
        VERBS[verb.code] = verb


register(
    Verb("journal.revealed", _("查看了操作记录的详细内容")),
    Verb("journal.verified", _("核对了操作记录")),
)
