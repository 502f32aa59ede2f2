"""The same form sent twice makes one record: an action that creates something knows it again by the form's token."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

P = ParamSpec("P")
R = TypeVar("R")


def once(
    model: type[models.Model], *, by: str = "created_by", taken: Callable[[], Exception] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run an action that creates a row of `model` in one transaction, and once for each `client_token` (or `token`).

    The same token again, even at the same moment, gives the first row back. `by` names the field that holds the
    actor; a token of another person's form raises PermissionDenied. `taken` makes the error for another unique key that
    is in use already; without it the IntegrityError goes on.
    """

    def decorate(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def run(*args: P.args, **given: P.kwargs) -> R:
            known = _known(model, by, given)
            if known is not None:
                return known
            try:
                with transaction.atomic():
                    return action(*args, **given)
            except IntegrityError as error:
                known = _known(model, by, given)
                if known is not None:
                    return known
                if taken is None:
                    raise
                raise taken() from error

        return run

    return decorate


def _known(model: type[models.Model], by: str, given: Any) -> Any:
    token = given.get("client_token") or given.get("token")
    row = model._base_manager.filter(client_token=token).first() if token else None
    if row is not None and getattr(row, f"{by}_id") != getattr(given["actor"], "pk", None):
        raise PermissionDenied("another person's form token")
    return row
