"""The operator's command for members."""

from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.accounts.command_lookup import named_organisation, named_person
from exchange.accounts.organisations.member_service import join
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM, Role
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db


@exchange_commands.command("add-member")
@click.option("--person", required=True, help="Phone number, e-mail address or public id.")
@click.option(
    "--organisation", "organisations", multiple=True, required=True,
    help="Public id, external id or name; may be given several times.",
)  # fmt: skip
@click.option("--manager", is_flag=True, help="As a manager, who may invite others.")
@with_appcontext
def add_member_command(person: str, organisations: tuple[str, ...], manager: bool) -> None:
    """Make a person a member of organisations: the first of those that came from a file, say."""
    house = cast("House", current_app.extensions["exchange"])
    role = Role.MANAGER if manager else Role.MEMBER
    with open_act(house, db.session, SYSTEM, origin="command") as act:
        who = named_person(act.session, house, person)
        for text in organisations:
            join(act, who, named_organisation(act.session, text), role)
    click.echo(f"{len(organisations)} memberships")
