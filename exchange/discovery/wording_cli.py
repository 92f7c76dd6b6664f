"""The commands that carry synonyms from one site to another, or to an editor and back."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from exchange.discovery.cli import search_commands
from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import db
from exchange.search.synonyms.groups import OFF, read_lines
from exchange.search.synonyms.queries import Entry, Origin, entries
from exchange.search.synonyms.service import BadLine, take_over
from exchange.web.acting import house

HEAD = """\
# Words that mean the same: a | b | c. Only from the first to the others: a => b | c.
# A line that begins with "- " is switched off.
"""
MOST_BYTES = 2_000_000
REASONS = {
    "synonym_count": "a group has %(least)s to %(most)s words",
    "synonym_long": "a word has at most %(most)s characters",
    "synonym_no_word": "“%(word)s” is not a word",
    "synonym_twice": "“%(word)s” stands there twice",
    "synonyms_exist": "another group has exactly these words",
    "synonyms_full": "the site keeps at most %(most)s groups of its own",
}


@search_commands.group("synonyms")
def synonym_commands() -> None:
    """Words that mean the same."""


@synonym_commands.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="The shipped groups too.")
@with_appcontext
def export_command(file: Path, *, everything: bool) -> None:
    """Write what this site has of its own, and what it has switched off, to a file."""
    shown = [
        one
        for one in entries(db.session())
        if everything or one.origin is not Origin.SHIPPED or not one.is_on
    ]
    file.write_text(HEAD + "".join(f"{_line(one)}\n" for one in shown), encoding="utf-8")
    click.echo(f"{len(shown)} groups")


@synonym_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_command(file: Path) -> None:
    """Take over the groups of a file: all of them, or none when a line is wrong.

    A group with the same first word is changed, others are left alone; a second time changes
    nothing. The running site notices within five seconds.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise click.ClickException("the file is too large to be one of synonyms")
        lines = read_lines(file.read_text(encoding="utf-8"))
        with open_act(house(), db.session, SYSTEM, origin="command") as act:
            done = take_over(act, lines)
    except UnicodeDecodeError as error:
        raise click.ClickException("the file is not UTF-8 text") from error
    except BadLine as error:
        reason = REASONS.get(error.code, error.code) % dict(error.params)
        raise click.ClickException(f"line {error.params['number']}: {reason}") from error
    click.echo(
        f"{done.added} added, {done.changed} changed, {done.switched} switched, "
        f"{done.same} the same"
    )


def _line(one: Entry) -> str:
    return f"{'' if one.is_on else OFF}{one.group.as_line()}"
