"""What each form is called in the list of drafts, and what of it may be kept; every slice registers its
own forms in `AppConfig.ready()`."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.drafts.rules import Payload

Keep = Callable[[Payload], Payload]
LABELS: dict[str, Promise | str] = {}
KEEP: dict[str, Keep] = {}


def register(form_code: str, label: Promise | str, *, keep: Keep | None = None) -> None:
    """Name a form. `keep(payload)` returns what may be stored: nothing of a child before the guardian
    consents, for example."""
    LABELS[form_code] = label
    if keep is not None:
        KEEP[form_code] = keep


def keepable(form_code: str, payload: Payload) -> Payload:
    """What of a form may be stored."""
    keep = KEEP.get(form_code)
    return keep(payload) if keep is not None else payload


def label_of(form_code: str) -> Promise | str:
    """The name of a form (`activities.edit.7` is found under `activities.edit`), or a plain word."""
    code = form_code
    while code:
        if code in LABELS:
            return LABELS[code]
        code = code.rpartition(".")[0]
    return _("表单")
