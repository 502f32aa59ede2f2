"""What a field takes, signed, so that the staging address need not trust the browser about it."""

import re
from dataclasses import dataclass
from typing import Any

from django.core import signing

from portal.files.rules import STAGED_HOURS, Limits, MediaLimits

SALT = "files.spec"
TOKEN = re.compile(r"^[0-9A-Za-z-]{16,36}$")


@dataclass(frozen=True)
class Spec:
    """One field of one form."""

    field: str
    limits: Limits


def write(spec: Spec) -> str:
    """The signed text for the page."""
    row: list[object] = [spec.field, spec.limits.count, spec.limits.megabytes]
    if isinstance(spec.limits, MediaLimits):
        row.append(as_plain(spec.limits))
    return signing.dumps(row, salt=SALT)


def as_plain(limits: MediaLimits) -> dict[str, object]:
    """Limits for sound and video as JSON."""
    return {
        "count": limits.count, "megabytes": limits.megabytes, "kinds": list(limits.kinds), "minutes": limits.minutes,
        "least": list(limits.least),
    }  # fmt: skip


def as_limits(plain: dict[str, Any]) -> MediaLimits:
    """The way back; raises KeyError or TypeError for anything else."""
    return MediaLimits(
        count=int(plain["count"]), megabytes=int(plain["megabytes"]), kinds=tuple(plain["kinds"]),
        minutes=int(plain["minutes"]), least=(int(plain["least"][0]), int(plain["least"][1])),
    )  # fmt: skip


def read(text: str) -> Spec | None:
    """What the page was given, or None when it is forged or too old."""
    try:
        field, count, megabytes, *more = signing.loads(text, salt=SALT, max_age=STAGED_HOURS * 3600)
        return Spec(field, as_limits(more[0]) if more else Limits(count, megabytes))
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def is_token(text: str) -> bool:
    """Does it look like the token of a form?"""
    return bool(TOKEN.match(text))
