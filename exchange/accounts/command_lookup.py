"""People and organisations as an operator names them on the command line."""

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation, Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import read_address
from exchange.kernel.act import House
from exchange.kernel.errors import ExchangeError


def named_person(session: Session, house: House, text: str) -> Person:
    """The person with this phone number, e-mail address or public id. Raises BadParameter."""
    address = read_address(text)
    found = find_person(session, house.secrets, address) if address else None
    if found is None:
        found = session.scalars(sa.select(Person).where(Person.public_id == text)).first()
    if found is None:
        raise click.BadParameter("nobody has this phone number, address or id")
    return found


def named_organisation(session: Session, text: str) -> Organisation:
    """The organisation with this public id or external id, else the only one with this name.

    Raises BadParameter.
    """
    for column in (Organisation.public_id, Organisation.external_id, Organisation.name_zh):
        found = session.scalars(sa.select(Organisation).where(column == text).limit(2)).all()
        if len(found) == 1:
            return found[0]
    raise click.BadParameter(f"no single organisation has this id or name: {text}")


def words_of(error: ExchangeError) -> str:
    """What an error says, for the terminal."""
    fields = getattr(error, "fields", {})
    told = "; ".join(f"{name}: {', '.join(codes)}" for name, codes in fields.items())
    return told or error.code
