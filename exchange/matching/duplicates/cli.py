"""The command that compares all open needs, for sites whose needs are older than this."""

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.jobs.runner import JobRun
from exchange.kernel.clock import civil_date
from exchange.matching.cli import matching_commands
from exchange.matching.duplicates.finding import find_duplicates
from exchange.matching.duplicates.jobs import BATCH
from exchange.matching.duplicates.queries import needs_after


@matching_commands.command("duplicates")
@click.option("--after", default=0, help="Go on behind this id, as a stopped run has printed it.")
@with_appcontext
def duplicates_command(after: int) -> None:
    """Compare all open needs anew; the site may go on running."""
    run: JobRun = current_app.extensions["exchange.jobs"]
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    needs = changed = 0
    while ids := needs_after(run.read(), after, today, BATCH):
        changed += find_duplicates(run, ids)
        needs, after = needs + len(ids), ids[-1]
        click.echo(f"compared up to {after}", err=True)
    click.echo(f"{needs} needs, {changed} proposals changed")
