"""The secret part of a feed's address.

It must be shown again whenever its owner looks, so it is sealed and not only hashed: who holds the
database without the keys has no feed. It is found through a keyed hash.
"""

import secrets

from exchange.kernel.secret_box import SecretBox

RANDOM_BYTES = 24
TOKEN_LENGTH = 32  # characters of so many bytes in the alphabet of addresses


def new_token() -> str:
    """A new secret of 192 random bits."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def token_hash(box: SecretBox, token: str) -> str:
    """The keyed hash by which a feed is found."""
    return box.lookup_hash(token, "saved_search.feed_token")


def seal_token(box: SecretBox, token: str, public_id: str) -> str:
    """The ciphertext to keep."""
    return box.seal(token, _place(public_id))


def open_token(box: SecretBox, sealed: str, public_id: str) -> str:
    """The secret, for its owner. Raises UnreadableSecret."""
    return box.open(sealed, _place(public_id))


def _place(public_id: str) -> str:
    return f"saved_search.feed_token.{public_id}"
