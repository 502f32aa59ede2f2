"""Words that would lead a judge to the author are taken out of a work (practice: blind judging)."""

import re
from collections.abc import Iterable

from families.works.models import Work
from families.works.naming import instructors_of
from families.works.queries import Extra, extras_of
from portal.privacy.detect import mask_text
from portal.privacy.masking import COMPOUND_SURNAMES

HIDDEN = "〔隐去〕"
_SUFFIXES = ("妇女联合会", "妇联", "社区", "村", "镇", "乡", "街道", "街道办事处", "县", "区", "市")
_GAP = r"[\s·•・.,，、\-—－]*"
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；、）〕]+", re.IGNORECASE)
# Where a form of works keeps words about people and places, whichever of these a category asks for.
PERSONAL_FIELDS = ("instructor", "household", "school", "unit", "to_name", "pen_name", "performers", "crew")


def secrets_of(work: Work, places: Iterable[str]) -> list[str]:
    """Names, numbers, schools and places of one work, the longest first."""
    found = [work.guardian_name, work.phone, work.guardian_phone]
    for author in work.authors.all():
        found += [author.name, _given(author.name), author.pen_name]
    for name in instructors_of(work):
        found.append(_given(name))
    found.append(_given(work.guardian_name))
    found += [str(getattr(work, name, "") or "") for name in PERSONAL_FIELDS if name != "unit"]
    found += [str(work.extra.get(name) or "") for name in PERSONAL_FIELDS]
    for place in places:
        found.append(place)
        for suffix in _SUFFIXES:
            bare = place.removesuffix(suffix)
            if bare != place:
                found.append(bare)
    parts = [part for text in found for part in (text, *re.split(r"[、，,;；/\s]+", text))]
    return sorted(
        {part.strip() for part in parts if len(part.strip()) >= 2}, key=lambda word: (-len(word), word)
    )


def _given(name: str) -> str:
    """A given name of two letters or more: families write it without the surname."""
    return name[2:] if name.startswith(COMPOUND_SURNAMES) else name[1:]


def screen(text: str, secrets: Iterable[str]) -> str:
    """The text without them, also with spaces or dots between the letters and in full width; without addresses on the
    web, which name an account; numbers masked."""
    for secret in secrets:
        pattern = _GAP.join(_either(char) for char in secret if not char.isspace() and char not in "·•・")
        if pattern:
            text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)
    return mask_text(_ADDRESS.sub(HIDDEN, text))


def _either(char: str) -> str:
    wide = chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char
    return re.escape(char) if wide == char else f"[{re.escape(char)}{re.escape(wide)}]"


def masked_values(work: Work, secrets: Iterable[str]) -> list[tuple[Extra, str]]:
    """The fields of the category with their screened words; those about people, and addresses outside (they name an
    account), are left out whole."""
    words = list(secrets)
    return [
        (extra, screen(extra.value, words))
        for extra in extras_of(work)
        if extra.name not in PERSONAL_FIELDS and extra.kind != "url"
    ]
