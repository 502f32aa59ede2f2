"""Who stands under a work: the by-line of the public page, the masks of staff, every name that leads to its people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from families.works.models import Author, Work
from families.works.rules import Audience, plain_name
from portal.privacy.masking import child_name, mask_name
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
        return _without_minors(work.household, authors, today) if work.household_agreed else ""
    has_minor = any(counts_as_minor(author, today) for author in authors)
    lines = [_line(author, today, has_minor=has_minor, is_alone=len(authors) == 1) for author in authors]
    return "、".join(lines)[:BY_LINE_MOST]


def counts_as_minor(author: Author, today: date) -> bool:
    """Somebody without a date of birth is protected like a minor."""
    return is_minor(author.birth_ym, today) if author.birth_ym else True


def _line(author: Author, today: date, *, has_minor: bool, is_alone: bool) -> str:
    if counts_as_minor(author, today):
        name = child_name(author.name)
    elif has_minor:
        name = mask_name(author.name)
    else:
        name = author.pen_name or author.name
    return name if is_alone or not author.role else f"{name}（{author.role}）"


def _without_minors(text: str, authors: Iterable[Author], today: date) -> str:
    """The form refuses a child's name inside a household's name; a work that came another way is masked here."""
    for author in authors:
        if counts_as_minor(author, today):
            text = text.replace(author.name, child_name(author.name))
            text = text.replace(author.pen_name, child_name(author.name)) if author.pen_name else text
    return text[:BY_LINE_MOST]


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
