"""Passwords: argon2id, hashed before an act opens so that no write lock waits for it."""

import base64
import secrets
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from exchange.accounts.rules import password_problem
from exchange.kernel.act import House
from exchange.kernel.errors import Invalid

HASHER = "accounts.password_hasher"


def hasher_of(house: House) -> PasswordHasher:
    """The house's hasher, with the library's current parameters (RFC 9106, low memory)."""
    return cast("PasswordHasher", house.resources.setdefault(HASHER, PasswordHasher()))


def require_good_password(password: str, field: str = "password") -> None:
    """Raise Invalid when a new password is too short, too long or too common. It costs nothing:
    doors ask before they count a try, and hash afterwards.
    """
    problem = password_problem(password)
    if problem:
        raise Invalid(fields={field: [problem]})


def hash_password(house: House, password: str, field: str = "password") -> str:
    """Hash a new password, which takes a tenth of a second. Raises Invalid for one that is none."""
    require_good_password(password, field)
    return hasher_of(house).hash(password)


def password_fits(house: House, hashed: str | None, password: str) -> bool:
    """Whether the password is right. Without a hash it takes as long and says no."""
    hasher = hasher_of(house)
    against = hashed or _hash_of_nobody(hasher)
    try:
        hasher.verify(against, password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no password is known to fit, written down without computing one.

    To try it takes as long as to try somebody's: the parameters are those of new hashes.
    """

    def part(length: int) -> str:
        return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")

    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${part(hasher.salt_len)}${part(hasher.hash_len)}"


def fresher_hash(house: House, hashed: str, password: str) -> str | None:
    """A new hash of a right password when the parameters have grown since, else None."""
    hasher = hasher_of(house)
    return hasher.hash(password) if hasher.check_needs_rehash(hashed) else None
