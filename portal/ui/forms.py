"""Base forms: crispy layout without per-form button markup, and a token against double posts."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError


class _PortalFormMixin:
    """Adds `form_token` and a crispy helper; the page writes the <form> tag and its buttons.

    `form_token` is new on every fresh page and comes back unchanged with a failed form. Actions that
    create rows store it as `client_token`, so that the same page sent twice makes one row.
    """

    fields: dict[str, forms.Field]

    def _prepare(self) -> None:
        self.fields["form_token"] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=36, initial=lambda: str(uuid.uuid4())
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False

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
        if not token or not self.instance._state.adding or "client_token" not in names:
            return False
        return model._base_manager.filter(client_token=token).exists()

    def validate_unique(self) -> None:
        """Unique names, unless they are taken by what the first press of the same button made."""
        try:
            self.instance.validate_unique(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            if not self.was_sent:
                self._update_errors(error)

    def save(self, commit: bool = True) -> Any:
        """Refused: every write is an action (design §3)."""
        raise TypeError("forms do not write; pass cleaned_data to an action")
