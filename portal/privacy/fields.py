"""Model fields that are encrypted at rest."""

from typing import Any

from django.db import models

from portal import vault


class EncryptedTextField(models.TextField):
    """Text that the database only sees encrypted. It cannot be searched: keep a keyed hash beside it."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in; the empty string stays empty."""
        return vault.encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        """Decrypt on the way out; raises vault.VaultError when the key is missing."""
        return vault.decrypt(value) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` and equality with the empty string make sense."""
        if lookup_name in {"isnull", "exact"}:
            return super().get_lookup(lookup_name)
        return None
