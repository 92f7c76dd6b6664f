"""The command that takes over organisations and listings from files."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.jobs.registry import Run
from exchange.kernel.commands import exchange_commands
from exchange.listings.importing import Report, Row, RowError, import_listings, import_organisations

BATCH = 100
FILES = ("organisations", "needs", "offers")
ENDINGS = (".jsonl", ".json")


@exchange_commands.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--verified", is_flag=True, help="The importer vouches for the organisations.")
@click.option("--licence", default="", help="Licence of loan and insurance offers that name none.")
@with_appcontext
def import_command(path: Path, *, verified: bool, licence: str) -> None:
    """Take over organisations and listings: a folder with organisations.jsonl, needs.jsonl and
    offers.jsonl, or one such file. Importing again updates and doubles nothing.
    """
    run: Run = current_app.extensions["exchange.jobs"]
    report = Report()
    for file in files_of(path):
        rows = list(read_rows(file, report))
        is_owners = file.stem == "organisations"
        with click.progressbar(length=len(rows), label=file.stem) as bar:
            for batch in (rows[at : at + BATCH] for at in range(0, len(rows), BATCH)):
                with run.act() as act:
                    done = (
                        import_organisations(act, batch, verified=verified)
                        if is_owners
                        else import_listings(act, batch, licence=licence)
                    )
                report.add(done)
                bar.update(len(batch))
    _tell(report)


def files_of(path: Path) -> list[Path]:
    """The files to read, organisations first. Raises ClickException when there is none."""
    if path.is_file():
        return [path]
    there = [path / f"{name}{ending}" for name in FILES for ending in ENDINGS]
    found = [file for file in there if file.exists()]
    if not found:
        raise click.ClickException("no organisations.jsonl, needs.jsonl or offers.jsonl in there")
    return found


def read_rows(file: Path, report: Report) -> Iterator[Row]:
    """The rows of a file of JSON lines, or of one JSON list; unreadable lines go to the report.

    Raises ClickException when the file as a whole cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        whole = json.loads(text) if file.suffix == ".json" else None
    except ValueError as error:
        raise click.ClickException(f"{file.name} cannot be read: {error}") from error
    if whole is not None:
        yield from _objects(file, whole, report)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found = json.loads(line)
            except ValueError:
                found = None
            yield from _objects(file, [found], report, number)


def _objects(file: Path, found: Any, report: Report, line: int = 1) -> Sequence[Row]:
    rows = found if isinstance(found, list) else [found]
    good = [row for row in rows if isinstance(row, dict)]
    if len(good) < len(rows):
        report.errors.append(RowError(f"{file.name}:{line}", {"": ["not_an_object"]}))
    return good


def _tell(report: Report) -> None:
    for error in report.errors:
        for name, codes in error.fields.items():
            click.echo(f"{error.row_id}: {name or 'row'}: {', '.join(codes)}", err=True)
    click.echo(f"{report.done} taken over, {len(report.errors)} refused")
    if report.errors:
        raise click.exceptions.Exit(1)
