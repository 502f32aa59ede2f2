"""What the journal browser needs beside the entries: names behind pseudonyms, and who acted for whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from portal.journal.models import JournalEntry
from portal.journal.verbs import VERBS

PERSON = "portal.user"
OnBehalf = Callable[[Iterable[JournalEntry]], dict[int, str]]
_on_behalf: list[OnBehalf] = []


def set_on_behalf(provide: OnBehalf) -> None:
    """Tell how delegations are recognised; called once by grants."""
    _on_behalf[:] = [provide]


def on_behalf(entries: Iterable[JournalEntry]) -> dict[int, str]:
    """Entry id → words, for entries written in somebody else's place."""
    return _on_behalf[0](entries) if _on_behalf else {}


def names(refs: Iterable[str]) -> dict[str, str]:
    """Pseudonym → name of the account; one query."""
    wanted = {ref for ref in refs if len(ref) == 36}
    known = {"system": _("系统"), "anonymous": _("未登录者")}
    if wanted:
        users = get_user_model()._default_manager.filter(ref__in=wanted).values_list("ref", "display_name")
        known |= {str(ref): name for ref, name in users}
    return known


def name_of(ref: str, known: dict[str, str]) -> str:
    """The name, or a short pseudonym for members of the public and erased people."""
    if ref in known:
        return known[ref]
    return (
        _("公众 %(ref)s") % {"ref": ref.removeprefix("visitor:")[:8]}
        if ref.startswith("visitor:")
        else ref[:8]
    )


def verb_text(code: str) -> str:
    """The words of a verb; its code when the slice that knew it is gone."""
    verb = VERBS.get(code)
    return str(verb.text) if verb else code


def timeline(rows: Iterable[JournalEntry]) -> list[dict[str, object]]:
    """Entries as the history component shows them; one query for the names."""
    entries = list(rows)
    known = names(entry.actor_ref for entry in entries)
    return [
        {"title": verb_text(entry.verb), "at": entry.at, "by": name_of(entry.actor_ref, known)}
        for entry in entries
    ]


@dataclass(frozen=True)
class Shown:
    """One entry as the browser shows it."""

    entry: JournalEntry
    who: str
    behalf: str
    what: str
    target: str


def shown(rows: Iterable[JournalEntry]) -> list[Shown]:
    """Entries with names and words; the same few queries for any number of them."""
    entries = list(rows)
    known, behalf = names(entry.actor_ref for entry in entries), on_behalf(entries)
    people = _people(entries)
    return [
        Shown(
            entry,
            name_of(entry.actor_ref, known),
            behalf.get(entry.pk, ""),
            verb_text(entry.verb),
            f"{_kind(entry.target_type)} {people.get(entry.target_id, entry.target_id)}"
            if entry.target_type == PERSON
            else f"{_kind(entry.target_type)} {entry.target_id}",
        )
        for entry in entries
    ]


def _people(entries: list[JournalEntry]) -> dict[str, str]:
    """Key → name, for entries about accounts."""
    keys = {entry.target_id for entry in entries if entry.target_type == PERSON}
    users = get_user_model()._default_manager.filter(pk__in=keys) if keys else []
    return {str(user.pk): str(user) for user in users}


def _kind(target_type: str) -> str:
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
