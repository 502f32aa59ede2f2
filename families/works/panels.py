"""What other slices show on the pages of works: /me/, one's own work, the public page of a work, the page of a reviewer.

A provider returns the context of its panel with the name of its `template`, or None for nothing.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from families.works.models import Work
from portal.access.scope import Scope
from portal.privacy.registry import Person

Panel = dict[str, Any]
OfPerson = Callable[[HttpRequest, Person], Panel | None]
OfWork = Callable[[HttpRequest, Work], Panel | None]
Alike = Callable[[Scope, Work], Any]

_of_person: list[OfPerson] = []
_of_own: list[OfWork] = []
_of_public: list[OfWork] = []
_likeness: list[Alike] = []


def on_me(provide: OfPerson) -> None:
    """Show something on /me/."""
    _of_person.append(provide)


def on_own_work(provide: OfWork) -> None:
    """Show something on the author's page of a work."""
    _of_own.append(provide)


def on_public_work(provide: OfWork) -> None:
    """Show something on the public page of a work; only what is public itself."""
    _of_public.append(provide)


def for_me(request: HttpRequest, person: Person) -> list[Panel]:
    """The panels of /me/."""
    return [panel for provide in _of_person if (panel := provide(request, person)) is not None]


def for_own_work(request: HttpRequest, work: Work) -> list[Panel]:
    """The panels of the author's page."""
    return [panel for provide in _of_own if (panel := provide(request, work)) is not None]


def for_public_work(request: HttpRequest, work: Work) -> list[Panel]:
    """The panels of the public page."""
    return [panel for provide in _of_public if (panel := provide(request, work)) is not None]


def register_likeness(provide: Alike) -> None:
    """Who knows which other works look alike."""
    _likeness.append(provide)


def of(scope: Scope, work: Work) -> list[Any]:
    """Everything that looks like this work, for somebody who reviews it."""
    return [row for provide in _likeness for row in provide(scope, work)]
