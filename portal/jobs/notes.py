"""What who runs the portal should know about this machine; slices say it, the page of jobs shows it."""

from collections.abc import Callable

Note = Callable[[], str]
_notes: list[Note] = []


def register(note: Note) -> None:
    """Ask `note` whenever the page is shown; an empty answer shows nothing."""
    _notes.append(note)


def current() -> list[str]:
    """Everything there is to say now."""
    return [text for note in _notes if (text := note())]
