"""Encryption of personal values and keyed hashes for looking them up.

AES-256-GCM with keys derived from PORTAL_VAULT_KEYS (or the secret key): the first key writes, all read,
so keys can be rotated. A ciphertext is `v1.<key id>.<base64 of nonce + data>`.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class VaultError(Exception):
    """The value cannot be read: a key is missing or the text was changed."""


@cache
def _keys(secrets: tuple[str, ...]) -> dict[str, bytes]:
    keys = {}
    for secret in secrets:
        key = hashlib.scrypt(secret.encode(), salt=b"portal.vault.v1", n=2**12, r=8, p=1, dklen=32)
        keys[hashlib.sha256(key).hexdigest()[:8]] = key
    return keys


def _current() -> tuple[str, bytes]:
    return next(iter(_keys(tuple(settings.VAULT_KEYS)).items()))


def encrypt(text: str, *, key: bytes | None = None) -> str:
    """Encrypt a string with the current key, or with a person's own key."""
    key_id, secret = ("own", key) if key is not None else _current()
    nonce = os.urandom(12)
    sealed = AESGCM(secret).encrypt(nonce, text.encode(), key_id.encode())
    return f"v1.{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(token: str, *, key: bytes | None = None) -> str:
    """Read an encrypted string; raises VaultError when the key is gone or the text was changed."""
    try:
        version, key_id, body = token.split(".", 2)
        raw = base64.urlsafe_b64decode(body)
        secret = key if key is not None else _keys(tuple(settings.VAULT_KEYS))[key_id]
        if version != "v1":
            raise VaultError(f"unknown version {version}")
        return AESGCM(secret).decrypt(raw[:12], raw[12:], key_id.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise VaultError("cannot be read") from error


def keyed_hash(text: str, *, purpose: str) -> str:
    """A 64-digit HMAC for equality search (phone numbers, codes); different for every purpose."""
    _, secret = _current()
    return hmac.new(secret, f"{purpose}\x00{text}".encode(), hashlib.sha256).hexdigest()
