"""Putting what an action refused at the field it speaks of."""

from typing import Any

from django.core.exceptions import ValidationError

from portal.files.rules import RefusedError
from portal.reviews.workflow import WorkflowError

REFUSALS = (ValidationError, WorkflowError, RefusedError)


def show(form: Any, error: Exception) -> None:
    """At its field when the form has it, else above the form."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    elif isinstance(error, ValidationError):
        form.add_error(None, error)
    elif isinstance(error, RefusedError):
        form.add_error("photos" if "photos" in form.fields else None, error.message)
    else:
        form.add_error(None, str(getattr(error, "message", error)))


def words(error: Exception) -> str:
    """The same as one sentence for a message."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(getattr(error, "message", error))
