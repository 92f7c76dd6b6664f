"""The command that measures the search on a graded set."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from exchange.discovery.evaluating import evaluate
from exchange.discovery.evaluation_engines import DEFAULT_ENGINE, ENGINES
from exchange.kernel.commands import exchange_commands
from exchange.kernel.errors import ConfigurationError
from exchange.matching.cli import as_table
from exchange.web.acting import house


@exchange_commands.group("search")
def search_commands() -> None:
    """Look at how well the search finds."""


@search_commands.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--backend", type=click.Choice(sorted(ENGINES)), default=DEFAULT_ENGINE, show_default=True,
    help="The engine to measure.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def evaluate_command(folder: Path, backend: str, *, as_json: bool) -> None:
    """Run the search over a graded set in a throw-away database and index, and measure it.

    FOLDER holds listings (organisations.jsonl, needs.jsonl, offers.jsonl, search_queries.jsonl,
    search_qrels.tsv) or plain texts (docs.jsonl, queries.jsonl, qrels.tsv; also as .xz).
    """
    try:
        results, errors = evaluate(house().settings, folder, backend)
    except ConfigurationError as refused:
        raise click.ClickException(str(refused)) from refused
    for error in errors:
        click.echo(f"not taken over: {error.row_id} {dict(error.fields)}", err=True)
    click.echo(json.dumps(results) if as_json else as_table(results))
