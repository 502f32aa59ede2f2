"""Fields that several models share."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models


def days_field(label: Any, default: int) -> models.PositiveSmallIntegerField:
    """A number of days, a setting of a task."""
    return models.PositiveSmallIntegerField(label, default=default, validators=[MaxValueValidator(60)])


def person_field() -> models.ForeignKey:  # type: ignore[type-arg]
    """An account, kept as none when it is erased."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )  # fmt: skip
