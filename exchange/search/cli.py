"""The command that builds the index anew."""

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext

from exchange.jobs.registry import Run
from exchange.jobs.upkeep_jobs import refresh_statistics
from exchange.kernel.commands import exchange_commands
from exchange.search.jobs import Progress, ensure_index, rebuild
from exchange.search.port import IndexBusy, IndexUnavailable

log = structlog.get_logger(__name__)


@exchange_commands.command("reindex")
@with_appcontext
def reindex_command() -> None:
    """Build the search index anew, beside the present one; the site may go on running."""
    run: Run = current_app.extensions["exchange.jobs"]
    try:
        with click.progressbar(length=1, label="search index") as bar:
            done = rebuild(run, _shown_on(bar))
    except IndexBusy as error:
        raise click.ClickException("another rebuild of the index is running") from error
    except IndexUnavailable as error:
        reason = error.params.get("reason")
        raise click.ClickException(f"the new index cannot be written ({reason})") from error
    click.echo(f"{done} documents")


def ensure_index_step(app: Flask, progress: Progress) -> None:
    """Before a start: make the index fit the database. A site whose index cannot be written
    starts all the same: the database answers, and the worker tries again every minute.
    """
    run: Run = app.extensions["exchange.jobs"]
    try:
        ensure_index(run, progress)
    except (IndexBusy, IndexUnavailable) as error:
        log.warning("index cannot be built", error=error.code, **error.params)
    refresh_statistics(run)  # what was loaded before a first start has none yet


def _shown_on(bar: "click._termui_impl.ProgressBar[int]") -> Progress:
    def show(done: int, total: int) -> None:
        bar.length = max(total, 1)
        bar.update(done - bar.pos)

    return show
