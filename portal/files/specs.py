"""What a field takes, signed, so that the staging address need not trust the browser about it."""

import re
from dataclasses import dataclass

from django.core import signing

from portal.files.rules import STAGED_HOURS, Limits

SALT = "files.spec"
TOKEN = re.compile(r"^[0-9A-Za-z-]{16,36}$")


@dataclass(frozen=True)
class Spec:
    """One field of one form."""

    field: str
    limits: Limits


def write(spec: Spec) -> str:
    """The signed text for the page."""
    return signing.dumps([spec.field, spec.limits.count, spec.limits.megabytes], salt=SALT)


def read(text: str) -> Spec | None:
    """What the page was given, or None when it is forged or too old."""
    try:
        field, count, megabytes = signing.loads(text, salt=SALT, max_age=STAGED_HOURS * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Spec(field, Limits(count, megabytes))


def is_token(text: str) -> bool:
    """Does it look like the token of a form?"""
    return bool(TOKEN.match(text))
