"""Base forms: crispy layout without per-form button markup, and a token against double posts."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.choices import BlankChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.journal.queries import newest_about, was_changed
from portal.ui.fields import AddressField

Result = TypeVar("Result")


class _Token(forms.HiddenInput):
    """The token, and beside it a digest of what the page showed (`watch`), wherever the token is written."""

    seen, seen_name = "", ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """One hidden field, or two."""
        html = super().render(name, value, attrs, renderer)
        if not self.seen:
            return html
        more = format_html('<input type="hidden" name="{}" value="{}">', self.seen_name, self.seen)
        return format_html("{}{}", html, more)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted(str(_plain(item)) for item in value)
    return "" if value is None else str(value)


def _name_the_blank(field: forms.Field) -> None:
    """Words instead of Django's dashes for “nothing chosen yet”."""
    dashes, word = BLANK_CHOICE_DASH[0][1], _("请选择") if field.required else _("不选")
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = word if field.empty_label == dashes else field.empty_label
    elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, BlankChoiceIterator | list):
        field.choices = [(value, word if label == dashes else label) for value, label in field.choices]


class _OpensAtFault:
    """The first field with a fault is where the page opens: a form far down a page would else come back out of sight.
    Done by an attribute of the page, so that it works without scripts too."""

    fields: dict[str, forms.Field]
    _opens_at = ""

    def add_error(self, field: Any, error: Any) -> None:
        """See the class."""
        super().add_error(field, error)  # type: ignore[misc]
        form: Any = self
        if not self._opens_at:
            self._opens_at = next((name for name in form.errors if name in self.fields), "")
            if self._opens_at:
                self.fields[self._opens_at].widget.attrs["autofocus"] = True


class RowForm(_OpensAtFault, forms.Form):
    """One row of a set of rows beside a form: no token of its own."""


class _PortalFormMixin(_OpensAtFault):
    """Adds `form_token` and a crispy helper; the page writes the <form> tag and its buttons.

    `form_token` is new on every fresh page and comes back unchanged with a failed form. Actions that
    create rows store it as `client_token`, so that the same page sent twice makes one row.
    """

    cleaned_data: dict[str, Any]
    _now = _seen = ""
    _mark = 0
    _target: Model | None = None

    def _prepare(self) -> None:
        for field in self.fields.values():
            _name_the_blank(field)
        self.fields["form_token"] = forms.CharField(
            widget=_Token, required=False, max_length=36, initial=lambda: str(uuid.uuid4())
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False

    def watch(self, target: Model | None = None, shown: Mapping[str, Any] | None = None) -> None:
        """Refuse to write over what a colleague changed after this page was shown. For forms that change a row whose
        action compares no version. `target` is the row, where the form has no instance; `shown` is what it holds, where
        the page starts from something else too. Saving goes through `write`."""
        form: Any = self
        self._target = target if target is not None else form.instance
        values = shown or {
            name: form.get_initial_for_field(field, name)
            for name, field in self.fields.items()
            if name != "form_token" and not isinstance(field, forms.FileField)
        }
        text = repr(sorted((name, _plain(value)) for name, value in values.items()))
        self._now = hashlib.sha256(text.encode()).hexdigest()[:32]
        name = form.add_prefix("seen_digest")
        # A change that falls between reading the row and this line is in one of the two, whichever was read later.
        newest = newest_about(self._target)
        self._seen, _dot, mark = str(form.data.get(name) or f"{self._now}.{newest}").partition(".")
        self._mark = int(mark) if mark.isdecimal() and len(mark) < 19 else newest
        widget = self.fields["form_token"].widget
        widget.seen, widget.seen_name = f"{self._seen}.{self._mark}", name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """See `watch`."""
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        if self._seen != self._now:
            self._refuse()
        return data

    def _refuse(self) -> None:
        form: Any = self
        form.add_error(
            None, _("刚刚有另一位同事改过这一条。您填的都还在这一页，请先复制，再打开看新的内容。")
        )

    def write(self, action: Callable[[], Result]) -> Result | None:
        """Run the action that saves a watched form, unless a colleague saved first: then nothing is written, the form
        says so, and None is answered. Of two at the same moment the second waits for the first one's row and then
        finds its journal entry."""
        target: Any = self._target
        with transaction.atomic():
            # The lock is PostgreSQL's; a transaction of SQLite has the whole file to itself from its beginning.
            list(type(target)._base_manager.select_for_update().filter(pk=target.pk).values_list("pk"))
            if not was_changed(target, self._mark):
                return action()
        self._refuse()
        return None

    @property
    def token(self) -> str:
        """The valid token of a bound form, or a fresh one when it was lost or tampered with."""
        raw = getattr(self, "cleaned_data", {}).get("form_token") or ""
        try:
            return str(uuid.UUID(raw))
        except ValueError:
            return str(uuid.uuid4())


class PortalForm(_PortalFormMixin, forms.Form):
    """A plain form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()


class PortalModelForm(_PortalFormMixin, forms.ModelForm):
    """A form that takes its fields from a model. It never saves: views hand cleaned_data to actions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()

    @property
    def was_sent(self) -> bool:
        """A row was made from this very page already: the action gives that one back instead of a fault here."""
        model, token = type(self.instance), self.data.get(self.add_prefix("form_token"))
        names = {field.name for field in model._meta.get_fields()}
        if not token or self.instance.pk is not None or "client_token" not in names:
            return False
        return model._base_manager.filter(client_token=token).exists()

    def validate_unique(self) -> None:
        """Unique names, unless they are taken by what the first press of the same button made."""
        try:
            self.instance.validate_unique(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            if not self.was_sent:
                self._update_errors(error)

    def make_address_optional(self, prefix: str, name: str = "slug") -> None:
        """A new row gets its address by itself when none is typed."""
        if self.instance.pk is None:
            old: Any = self.fields[name]
            self.fields[name] = AddressField(prefix=prefix, label=old.label, max_length=old.max_length)

    def save(self, commit: bool = True) -> Any:
        """Refused: every write is an action (design §3)."""
        raise TypeError("forms do not write; pass cleaned_data to an action")
