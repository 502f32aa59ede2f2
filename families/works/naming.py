"""Who stands under a work: the by-line of the public page, the masks of staff, every name that leads to its people."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from django.utils import timezone

from families.works.models import Author, Work
from families.works.rules import Audience, plain_name
from portal.privacy.masking import COMPOUND_SURNAMES, child_name, mask_name
from portal.privacy.rules import is_minor

BY_LINE_MOST = 200


def public_name_of(work: Work) -> str:
    """The name the public reads; empty for none.

    A household's name where the family agreed to it, else every author: adults in full or by their pen name, with what
    each did. With a minor among them nobody stands in full: an adult's full name would lead to the child.
    """
    if work.audience != Audience.PUBLIC:
        return ""
    authors = list(work.authors.all())
    today = timezone.localdate()
    if work.household:
        is_shown = work.household_agreed and not names_a_child(work.household, authors, today)
        return work.household[:BY_LINE_MOST] if is_shown else ""
    has_minor = any(counts_as_minor(author, today) for author in authors)
    lines = [
        _line(
            author, today, has_minor=has_minor,
            says_role=len(authors) > 1 and not names_a_child(author.role, authors, today),
        )
        for author in authors
    ]  # fmt: skip
    return "、".join(lines)[:BY_LINE_MOST]


class Named(Protocol):
    """An author as it is stored, or as it is being sent."""

    @property
    def name(self) -> Any:
        """Real name."""

    @property
    def pen_name(self) -> Any:
        """Or empty."""

    @property
    def birth_ym(self) -> Any:
        """Year and month, or empty."""


def counts_as_minor(author: Named, today: date) -> bool:
    """Somebody without a date of birth is protected like a minor."""
    return is_minor(author.birth_ym, today) if author.birth_ym else True


def _line(author: Author, today: date, *, has_minor: bool, says_role: bool) -> str:
    if counts_as_minor(author, today):
        name = child_name(author.name)
    elif has_minor:
        name = mask_name(author.name)
    else:
        name = author.pen_name or author.name
    return f"{name}（{author.role}）" if says_role and author.role else name


def names_a_child(text: str, authors: Iterable[Named], today: date) -> bool:
    """Does a household's name or a 分工 tell a child's name – in full, without the surname, or the pen name – however
    it is spaced or dotted?"""
    said = plain_name(text)
    for author in authors:
        if not counts_as_minor(author, today):
            continue
        name = plain_name(author.name)
        given = name[2:] if name[:2] in COMPOUND_SURNAMES else name[1:]
        told = [name, plain_name(author.pen_name), given if len(given) > 1 else ""]
        if any(one and one in said for one in told):
            return True
    return False


def names_of(work: Work) -> set[str]:
    """Real and pen names of all authors, the guardian and the instructors, for comparing with a judge's."""
    names = [work.guardian_name, *instructors_of(work)]
    for author in work.authors.all():
        names += [author.name, author.pen_name]
    return {plain for name in names if (plain := plain_name(name))}


def instructors_of(work: Work) -> list[str]:
    """The instructors' names, at most two."""
    return [name for name in work.instructor.split("、") if name]


def full_names_of(work: Work) -> str:
    """张三（笔名 石头，撰文）、李四: for those who may read it."""
    return "、".join(_full(author) for author in work.authors.all())


def _full(author: Author) -> str:
    more = "，".join(part for part in (author.pen_name, author.role) if part)
    return f"{author.name}（{more}）" if more else author.name


def family_lines(work: Work) -> list[dict[str, Any]]:
    """The authors as the family itself reads them on its page."""
    return [
        {"name": author.name, "pen_name": author.pen_name, "role": author.role}
        for author in work.authors.all()
    ]
