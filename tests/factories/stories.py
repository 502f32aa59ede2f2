"""Public stories."""

import itertools
from typing import Any

from django.utils import timezone

from campaigns.stories.models import Story
from campaigns.stories.rules import Kind, Status
from portal.units.models import Unit

_numbers = itertools.count(1)


def part(title: str = "怎么做的？", text: str = "一步一步做。", **fields: str) -> dict[str, str]:
    """One question, lesson or section."""
    return {"title": title, "speaker": "", "office": "", "text": text, "url": "", **fields}


def make_story(unit: Unit, *, status: str = Status.PUBLISHED, **fields: Any) -> Story:
    """A story as it lies in the table."""
    number = next(_numbers)
    fields = {
        "slug": f"story-{number}",
        "title": f"家风故事{number}",
        "kind": Kind.NEWS,
        "body": "以廉治家。",
        **fields,
    }
    if status == Status.PUBLISHED:
        fields.setdefault("published_at", timezone.now())
    return Story.objects.create(unit=unit, status=status, **fields)
