"""What somebody typed into a form that could not be stored: to be shown for copying, and to be sent again."""

import re

from django.http import HttpRequest

# Neither shown nor put back into a page.
SECRET = ("password", "new_password", "old_password", "code")
# Sent again, but nothing a person typed or would copy.
TECHNICAL = ("csrfmiddlewaretoken", "form_token", "form_code", "draft_path", "captcha", "altcha")
MACHINE = re.compile(
    r"^(act|action|next|unit|sessions|author_rows|.*_remove|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$"
)

# A choice or a tick is a code, and nothing to copy.
CODED = re.compile(
    r"^(category|kind|campaign|form|origin|licence|consent_.*|.*_agreed|x_direction|x_script)$"
)

# Codes in some forms, words in others: what looks like a code is one.
MAYBE_CODED = ("area", "audience")
CODE = re.compile(r"[a-z0-9_]+")


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, without secrets, files and the form's own bookkeeping."""
    try:
        fields = request.POST.lists()
    except Exception:  # noqa: BLE001 – a body that cannot be read must not hide the first fault
        return []
    return [
        (name, value)
        for name, values in fields
        if not (name.startswith(SECRET + TECHNICAL) or MACHINE.match(name) or CODED.match(name))
        for value in values
        if value.strip() and not (name in MAYBE_CODED and CODE.fullmatch(value))
    ]


def fields_to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything a second try needs, or nothing where the page would hold a secret or lose files.

    The form token goes along: a try that reached the database after all is not stored twice.
    """
    try:
        fields, files = list(request.POST.lists()), bool(request.FILES)
    except Exception:  # noqa: BLE001 – as above
        return []
    if files or any(name.startswith(SECRET) and name != "form_code" for name, _values in fields):
        return []
    return [(name, value) for name, values in fields for value in values]
