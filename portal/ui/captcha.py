"""Are you a person? A small proof of work done by the browser; without JavaScript a sum in words.

Self-hosted and one-time. `challenge()` goes to `ui/_captcha.html`, `passed(POST)` judges the answer.
"""

import base64
import binascii
import json
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

import altcha
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django_altcha import get_altcha_challenge

from portal import vault

LIFE_SECONDS = 20 * 60
NUMERALS = "零一二三四五六七八九十"


def challenge() -> dict[str, str]:
    """A fresh puzzle in both forms."""
    puzzle = get_altcha_challenge(max_number=settings.ALTCHA_MAX_NUMBER, expires=LIFE_SECONDS * 1000)
    first, second = secrets.randbelow(8) + 2, secrets.randbelow(8) + 2
    words = _("零 一 二 三 四 五 六 七 八 九 十").split()
    body = {
        "sum": first + second,
        "nonce": secrets.token_hex(8),
        "until": timezone.now().timestamp() + LIFE_SECONDS,
    }
    return {
        "puzzle": json.dumps(puzzle.__dict__),
        "question": _("%(a)s加%(b)s等于几？") % {"a": words[first], "b": words[second]},
        "token": vault.encrypt(json.dumps(body)),
    }


def passed(data: Mapping[str, Any]) -> bool:
    """Was one of the two solved, in time and for the first time?"""
    return _worked(str(data.get("altcha", ""))) or _summed(
        str(data.get("captcha_answer", "")), str(data.get("captcha_token", ""))
    )


def _worked(payload: str) -> bool:
    if not payload or len(payload) > 4000:
        return False
    try:
        known = json.loads(base64.b64decode(payload))
        verified, _error = altcha.verify_solution(payload, settings.ALTCHA_HMAC_KEY, check_expires=True)
        return bool(verified) and _first_time(str(known["challenge"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return False


def _summed(answer: str, token: str) -> bool:
    try:
        body = json.loads(vault.decrypt(token))
    except (vault.VaultError, ValueError):
        return False
    if body["until"] < timezone.now().timestamp() or _number(answer) != body["sum"]:
        return False
    return _first_time(body["nonce"])


def _number(text: str) -> int | None:
    """8, ８, 八, 十三: the number, or None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isascii() and plain.isdigit():
        return int(plain[:4])
    tens, ten, ones = plain.rpartition("十")
    if not ten:
        return NUMERALS.index(plain) if len(plain) == 1 and plain in NUMERALS else None
    if (tens and tens not in NUMERALS[1:10]) or (ones and ones not in NUMERALS[:10]):
        return None
    return (NUMERALS.index(tens) if tens else 1) * 10 + (NUMERALS.index(ones) if ones else 0)


def _first_time(mark: str) -> bool:
    return bool(cache.add(f"captcha:{mark}", 1, LIFE_SECONDS + 60))
