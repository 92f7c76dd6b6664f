"""The operator's commands: the first centre, and people."""

import secrets
from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.accounts.models import Person
from exchange.accounts.passwords import hash_password
from exchange.accounts.people_service import (
    NewPerson,
    create_person,
    give_to_holder,
    is_proven,
    require_division,
)
from exchange.accounts.points.service import create_centre, give_duty
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind, read_address
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Duty
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.errors import ExchangeError, Invalid


@exchange_commands.command("create-centre")
@click.option("--name", required=True, help="Name of the centre in Chinese.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--division", "divisions", multiple=True, required=True, help="Code it serves.")
@click.option("--person-name", required=True, help="Name of its supervisor.")
@click.option("--address", required=True, help="The supervisor's phone number or e-mail address.")
@click.option("--password", help="Of a new supervisor; made and printed once if left out.")
@with_appcontext
def create_centre_command(
    name: str,
    name_en: str,
    divisions: tuple[str, ...],
    person_name: str,
    address: str,
    password: str | None,
) -> None:
    """Open a centre, the root of trust of its divisions, with its supervisor."""
    reached = _address(address)
    chosen, hashed = _password(password)
    try:
        with open_act(_house(), db.session, SYSTEM, origin="command") as act:
            person, is_new = _person(act, reached, person_name, hashed, divisions[0])
            point = create_centre(act, name, divisions, name_en)
            give_duty(act, point, person, Duty.SUPERVISOR)
    except ExchangeError as error:
        raise click.ClickException(_words(error)) from error
    click.echo(f"Centre {name} serves {', '.join(divisions)}.")
    _say_person(reached, chosen if is_new and not password else None, is_new=is_new)


@exchange_commands.command("create-user")
@click.option("--name", required=True, help="The person's name.")
@click.option("--address", required=True, help="Phone number or e-mail address to sign in with.")
@click.option("--division", required=True, help="Code of the place where they live.")
@click.option("--password", help="At least 8 characters; made and printed once if left out.")
@click.option("--operator", is_flag=True, help="May run the site: places, categories, records.")
@with_appcontext
def create_user_command(
    name: str, address: str, division: str, password: str | None, operator: bool
) -> None:
    """Make a person whose phone or e-mail address counts as confirmed."""
    reached = _address(address)
    chosen, hashed = _password(password)
    try:
        with open_act(_house(), db.session, SYSTEM, origin="command") as act:
            person, is_new = _person(act, reached, name, hashed, division)
            person.is_operator = person.is_operator or operator
    except ExchangeError as error:
        raise click.ClickException(_words(error)) from error
    _say_person(reached, chosen if is_new and not password else None, is_new=is_new)


def _house() -> House:
    return cast("House", current_app.extensions["exchange"])


def _address(text: str) -> Address:
    address = read_address(text)
    if address is None:
        raise click.BadParameter("neither a mobile number of 11 digits nor an e-mail address")
    return address


def _password(given: str | None) -> tuple[str, str]:
    chosen = given or secrets.token_urlsafe(12)
    try:
        return chosen, hash_password(_house(), chosen)
    except Invalid as error:
        raise click.BadParameter(_words(error)) from error


def _person(
    act: Act, address: Address, name: str, hashed: str, division: str
) -> tuple[Person, bool]:
    """The person of the address, and whether the password is theirs from now on.

    The operator's word confirms the address. An account that had it unproven may be anybody's:
    it is given to its holder, with the new password.
    """
    person = find_person(act.session, act.house.secrets, address)
    if person is None:
        require_division(act, division)
        person = create_person(act, NewPerson(address, name, hashed, division))
        if address.kind is AddressKind.EMAIL:
            person.email_confirmed_at = act.now
        else:
            person.phone_confirmed_at = act.now
        return person, True
    if is_proven(person, address.kind):
        return person, False
    give_to_holder(act, person, address, hashed)
    return person, True


def _say_person(address: Address, password: str | None, *, is_new: bool) -> None:
    if not is_new:
        click.echo(f"{address.masked} had an account already; its password stays.")
        return
    click.echo(f"{address.masked} can sign in.")
    if password:
        click.echo(f"Password, shown this once: {password}")


def _words(error: ExchangeError) -> str:
    fields = getattr(error, "fields", {})
    if not fields:
        return f"{error.code} {dict(error.params) or ''}".strip()
    return "; ".join(f"{name}: {', '.join(codes)}" for name, codes in fields.items())
