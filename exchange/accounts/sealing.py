"""Where a person's phone and e-mail address stand as ciphertext, and how they are looked up."""

from datetime import datetime

from exchange.accounts.models import Person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.secret_box import SecretBox


def address_hash(secrets: SecretBox, address: Address) -> str:
    """The keyed hash by which an address is found again."""
    return secrets.lookup_hash(address.value, f"person.{address.kind}")


def place_of(person: Person, kind: AddressKind) -> str:
    """Table, column and row to which a person's ciphertext is bound."""
    return f"person.{kind}.{person.public_id}"


def set_address(
    secrets: SecretBox, person: Person, address: Address, confirmed_at: datetime | None
) -> None:
    """Give a person an address. Who vouched for an earlier number has not vouched for this one."""
    sealed = secrets.seal(address.value, place_of(person, address.kind))
    if address.kind is AddressKind.EMAIL:
        person.email_sealed, person.email_hash = sealed, address_hash(secrets, address)
        person.email_confirmed_at = confirmed_at
        return
    person.phone_sealed, person.phone_hash = sealed, address_hash(secrets, address)
    person.phone_confirmed_at = confirmed_at
    person.phone_vouched_at = person.phone_vouched_by_id = None


def open_address(secrets: SecretBox, person: Person, kind: AddressKind) -> str | None:
    """The clear address, or None when the person has none. Raises UnreadableSecret."""
    sealed = person.phone_sealed if kind is AddressKind.PHONE else person.email_sealed
    return None if sealed is None else secrets.open(sealed, place_of(person, kind))
