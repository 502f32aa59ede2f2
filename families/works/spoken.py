"""What is said in a sound or film, for those who do not hear it (WCAG 2.2, 1.2.1 and 1.2.2; GB/T 37668)."""

from collections.abc import Iterable

from families.works.models import Work
from portal.files import captions
from portal.files.models import StoredFile
from portal.files.queries import captions_of

# Their text is what is said or sung.
SCRIPTED = frozenset({"STAGE", "SONG"})


def captions_text_of(media: Iterable[StoredFile]) -> str:
    """The captions of the first sound or film that has some, as they are stored."""
    track = next((found for file in media if (found := captions_of(file)) is not None), None)
    return track.text if track else ""


def transcript_of(work: Work, media: Iterable[StoredFile]) -> str:
    """The words for readers: as written, else out of the captions."""
    return str(work.extra.get("transcript") or "") or captions.words(captions_text_of(media))


def is_wordless(work: Work, media: Iterable[StoredFile]) -> bool:
    """Has it a sound or film of which a deaf person would learn nothing?"""
    files = [file for file in media if not file.has_failed]
    if not files or (work.category.code in SCRIPTED and work.text):
        return False
    return not transcript_of(work, files)
