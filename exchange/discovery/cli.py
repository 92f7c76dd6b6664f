"""The command that measures the search on a graded set."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from exchange.discovery.evaluation import measure_search, read_question_set
from exchange.jobs.cli import job_run
from exchange.kernel.clock import civil_date
from exchange.kernel.commands import exchange_commands
from exchange.matching.cli import as_table, prepare, throwaway_site
from exchange.search.lexicon_jobs import refresh_lexicon
from exchange.web.acting import house


@exchange_commands.group("search")
def search_commands() -> None:
    """Look at how well the search finds."""


@search_commands.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def evaluate_command(folder: Path, *, as_json: bool) -> None:
    """Run the search over a graded set in a throw-away database and index, and measure it."""
    given = read_question_set(folder)
    with throwaway_site(house().settings) as app:
        report = prepare(app, given.listings)
        run = job_run(app)
        with app.app_context():
            refresh_lexicon(run)
            today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
            results = measure_search(run.house, run.read(), given, today)
    for error in report.errors:
        click.echo(f"not taken over: {error.row_id} {dict(error.fields)}", err=True)
    click.echo(json.dumps(results) if as_json else as_table(results))
