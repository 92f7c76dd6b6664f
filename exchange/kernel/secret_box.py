"""Encryption of personal values and keyed hashes to look them up.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). A ciphertext names its key and is bound
to table, column and row through the additional data, so that it cannot be moved elsewhere. The
lookup hash is HMAC-SHA-256 under another key.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exchange.kernel.settings import Settings, decode_key, parse_keys


class UnreadableSecret(Exception):
    """The ciphertext was moved, changed, or its key is gone."""


@dataclass(frozen=True)
class SecretBox:
    """Encrypts, decrypts and hashes; the first key is the current one."""

    keys: Mapping[str, bytes] = field(repr=False)
    lookup_key: bytes = field(repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "SecretBox":
        return cls(
            keys=parse_keys(settings.encryption_keys),
            lookup_key=decode_key(settings.lookup_key, "EXCHANGE_LOOKUP_KEY"),
        )

    def seal(self, value: str, place: str) -> str:
        """Encrypt a value for a place, written table.column.row.

        The answer is ``keyid.base64(nonce + ciphertext)``.
        """
        key_id, key = next(iter(self.keys.items()))
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(key).encrypt(nonce, value.encode(), f"{key_id}|{place}".encode())
        return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Decrypt what was sealed for the same place. Raises UnreadableSecret."""
        key_id, _, encoded = sealed.partition(".")
        key = self.keys.get(key_id)
        if key is None:
            raise UnreadableSecret(f"no key {key_id}")
        try:
            blob = base64.urlsafe_b64decode(encoded)
            return AESGCM(key).decrypt(blob[:12], blob[12:], f"{key_id}|{place}".encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise UnreadableSecret(place) from error

    def lookup_hash(self, value: str, purpose: str) -> str:
        """A keyed hash by which an encrypted value can be found again."""
        return hmac.new(self.lookup_key, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()
