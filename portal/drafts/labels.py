"""What each form is called in the list of drafts; every slice names its own in `AppConfig.ready()`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise | str] = {}


def register(form_code: str, label: Promise | str) -> None:
    """Name a form."""
    LABELS[form_code] = label


def label_of(form_code: str) -> Promise | str:
    """The name of a form (`activities.edit.7` is found under `activities.edit`), or a plain word."""
    code = form_code
    while code:
        if code in LABELS:
            return LABELS[code]
        code = code.rpartition(".")[0]
    return _("表单")
