"""The operator's commands for tokens."""

from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.accounts.command_lookup import named_organisation, named_person, words_of
from exchange.accounts.tokens.queries import token_by_public_id
from exchange.accounts.tokens.service import create_token, revoke_token
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.errors import ExchangeError


@exchange_commands.group("token")
def token_commands() -> None:
    """Tokens with which programs use the API."""


@token_commands.command("create")
@click.option("--person", required=True, help="Phone number, e-mail address or public id.")
@click.option("--organisation", required=True, help="Public id, external id or name.")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--read-only", is_flag=True, help="It may only read.")
@click.option("--days", type=int, default=365, show_default=True, help="0: until taken back.")
@with_appcontext
def create_command(person: str, organisation: str, name: str, read_only: bool, days: int) -> None:
    """Make a token. The token alone stands on standard output, this once."""
    house = cast("House", current_app.extensions["exchange"])
    try:
        with open_act(house, db.session, SYSTEM, origin="command") as act:
            who = named_person(act.session, house, person)
            owner = named_organisation(act.session, organisation)
            made = create_token(
                act, who.id, owner.id, name, may_write=not read_only, days=days or None
            )
            public_id = made.token.public_id
    except ExchangeError as error:
        raise click.ClickException(words_of(error)) from error
    click.echo(f"Token {public_id}, shown this once:", err=True)
    click.echo(made.secret)


@token_commands.command("revoke")
@click.argument("public_id")
@with_appcontext
def revoke_command(public_id: str) -> None:
    """Take back the token with this public id."""
    house = cast("House", current_app.extensions["exchange"])
    with open_act(house, db.session, SYSTEM, origin="command") as act:
        token = token_by_public_id(act.session, public_id)
        if token is None:
            raise click.ClickException(f"there is no token {public_id}")
        revoke_token(act, token)
    click.echo(f"Token {public_id} is taken back.")
