"""Numbers and codes."""

import random

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from families.works.models import WorkNumber
from families.works.rules import RESUME_ALPHABET, RESUME_LENGTH, plain_name
from portal import vault


def next_no() -> str:
    """The next public number, e.g. ZP2026-000123. Inside the transaction of the row that takes it: the
    counter's row lock makes two submissions wait for each other, and a failed one leaves no gap."""
    year = timezone.localdate().year
    if not WorkNumber.objects.filter(year=year).update(last=F("last") + 1):
        try:
            with transaction.atomic():
                WorkNumber.objects.create(year=year, last=1)
        except IntegrityError:
            WorkNumber.objects.filter(year=year).update(last=F("last") + 1)
    return f"ZP{year}-{WorkNumber.objects.get(year=year).last:06d}"


def code_for(token: str) -> str:
    """The resume code of a form token: the same page sent twice shows the same code. Only its hash is stored."""
    seed = vault.keyed_hash(token, purpose="works.resume.seed")
    draw = random.Random(seed)  # noqa: S311 – seeded with a keyed 256-bit hash: unpredictable without the key
    return "".join(draw.choice(RESUME_ALPHABET) for _ in range(RESUME_LENGTH))


def code_hash(code: str) -> str:
    """Under which a code is found again."""
    return vault.keyed_hash(code, purpose="works.resume")


def name_hash(name: str) -> str:
    """Under which everything of one name is found, though names are encrypted."""
    return vault.keyed_hash(plain_name(name), purpose="works.author") if plain_name(name) else ""
