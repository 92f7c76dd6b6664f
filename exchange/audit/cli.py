"""Commands on the audit: its head, its verification, and the destruction of a person's key."""

import json
from dataclasses import asdict

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from exchange.audit.data_keys import destroy_data_key
from exchange.audit.jobs import seal_all
from exchange.audit.sealing import head_of
from exchange.audit.verifying import Verified, verify
from exchange.jobs.runner import JobRun
from exchange.kernel.commands import exchange_commands


@exchange_commands.group("audit")
def audit_commands() -> None:
    """Look after the audit trail and its chain."""


def _run() -> JobRun:
    run: JobRun = current_app.extensions["exchange.jobs"]
    return run


@audit_commands.command("head")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def head_command(*, as_json: bool) -> None:
    """Seal what waits, then print the head of the chain: batch, hash, entries."""
    seal_all(_run())
    head = head_of(_run().read())
    if head is None:
        raise click.ClickException("nothing is sealed yet")
    if as_json:
        click.echo(json.dumps(asdict(head)))
    else:
        click.echo(f"batch {head.number}  {head.hash}  {head.entries} entries")


@audit_commands.command("verify")
@click.option("--from", "first", default=1, show_default=True, type=click.IntRange(1),
              help="The first batch to look at.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def verify_command(first: int, *, as_json: bool) -> None:
    """Verify the chain, entry by entry; exit with 1 when something is wrong."""
    told = Verified()
    problems = []
    for problem in verify(_run(), first, told):
        problems.append(problem)
        if not as_json:
            click.echo(f"{problem.trouble.value}: {problem.sentence}")
    counts = {name: getattr(told, name) for name in ("batches", "entries", "waiting", "heads")}
    if as_json:
        click.echo(json.dumps({**counts, "problems": [asdict(one) for one in problems]}))
    else:
        said = ", ".join(f"{count} {name}" for name, count in counts.items())
        click.echo(f"{said}: {len(problems)} problems")
    if problems:
        raise click.exceptions.Exit(1)


@audit_commands.command("destroy-key")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def destroy_command(person: str, *, yes: bool) -> None:
    """Make what the audit keeps of a PERSON (their public id) unreadable, for good."""
    people = sa.table("person", sa.column("id"), sa.column("public_id"))
    query = sa.select(people.c.id).where(people.c.public_id == person)
    person_id = _run().read().scalar(query)
    if person_id is None:
        raise click.ClickException("there is no person with this id")
    if not yes:
        click.confirm("This cannot be undone. Destroy the key?", abort=True)
    with _run().act() as act:
        done = destroy_data_key(act, person_id)
    click.echo("destroyed" if done else "it was destroyed before")
