"""Commands: compute all suggestions anew, and measure the pipeline on a graded set."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

import exchange
from exchange.jobs.cli import job_run
from exchange.jobs.runner import run_pending
from exchange.kernel.clock import civil_date
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.settings import Settings
from exchange.listings.importing import Report
from exchange.matching.evaluation import (
    GradedSet,
    Row,
    fill_site,
    measure,
    ranked_pairs,
    read_graded_set,
)
from exchange.search.jobs import ensure_index
from exchange.web.acting import house


@exchange_commands.group("matching")
def matching_commands() -> None:
    """Look at how well suggestions fit."""


@matching_commands.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--pairs", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the ranked pairs with their scores into this file, one JSON object a line.",
)  # fmt: skip
@with_appcontext
def evaluate_command(folder: Path, *, as_json: bool, pairs: Path | None) -> None:
    """Run the pipeline over a graded set in a throw-away database and index, and measure it."""
    graded = read_graded_set(folder)
    with throwaway_site(house().settings) as app:
        report = prepare(app, graded)
        run = job_run(app)
        with app.app_context():
            today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
            results = measure(run.house, run.read(), graded, today)
            if pairs:
                write_rows(pairs, ranked_pairs(run.read(), graded, today))
    for error in report.errors:
        click.echo(f"not taken over: {error.row_id} {dict(error.fields)}", err=True)
    click.echo(json.dumps(results) if as_json else as_table(results))


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write one JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def prepare(app: Flask, graded: GradedSet) -> Report:
    """Fill a throw-away site and let its jobs run."""
    run = job_run(app)
    with app.app_context():
        db.metadata.create_all(db.engine)
        ensure_index(run)
        with run.act() as act:
            report = fill_site(act, graded)
    run_pending(run)
    return report


@contextmanager
def throwaway_site(settings: Settings, search_url: str = "") -> Iterator[Flask]:
    """A site of its own in a folder that goes away again; the clock as in the settings.

    Its search engine is the embedded one, unless ``search_url`` names another.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-evaluation-") as folder:
        own = replace(
            settings,
            env="development",
            data_dir=Path(folder),
            database_url="",
            search_url=search_url,
        )
        app = exchange.create_app(own)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def as_table(results: dict[str, dict[str, float]]) -> str:
    """One line for each measure."""
    lines = []
    width = max(8, *map(len, results))
    for name, figures in results.items():
        lines += [f"{name:{width}} {key:16} {value:.3f}" for key, value in figures.items()]
    return "\n".join(lines)
