"""Passwords: argon2id, hashed before an act opens so that no write lock waits for it."""

from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from exchange.accounts.rules import password_problem
from exchange.kernel.act import House
from exchange.kernel.errors import Invalid

HASHER = "accounts.password_hasher"
UNKNOWN = "accounts.unknown_password"


def hasher_of(house: House) -> PasswordHasher:
    """The house's hasher, with the library's current parameters (RFC 9106, low memory)."""
    return cast("PasswordHasher", house.resources.setdefault(HASHER, PasswordHasher()))


def hash_password(house: House, password: str, field: str = "password") -> str:
    """Hash a new password. Raises Invalid when it is too short, too long or too common."""
    problem = password_problem(password)
    if problem:
        raise Invalid(fields={field: [problem]})
    return hasher_of(house).hash(password)


def password_fits(house: House, hashed: str | None, password: str) -> bool:
    """Whether the password is right. Without a hash it takes as long and says no."""
    hasher = hasher_of(house)
    against = hashed or house.resources.setdefault(UNKNOWN, hasher.hash("nobody's password"))
    try:
        hasher.verify(against, password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def fresher_hash(house: House, hashed: str, password: str) -> str | None:
    """A new hash of a right password when the parameters have grown since, else None."""
    hasher = hasher_of(house)
    return hasher.hash(password) if hasher.check_needs_rehash(hashed) else None
