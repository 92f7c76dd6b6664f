"""Commands: measure the pipeline on a graded set, and explain a pair."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

import exchange
from exchange.jobs.cli import job_run
from exchange.jobs.runner import run_pending
from exchange.kernel.clock import civil_date
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.settings import Settings
from exchange.listings.importing import Report
from exchange.matching.duplicates.evaluation import proposed_twins, read_twins, twin_measures
from exchange.matching.evaluation.evaluating import (
    GradedSet,
    Row,
    fill_site,
    listing_ids,
    measure,
    ranked_pairs,
    read_graded_set,
    reliability,
)
from exchange.matching.evaluation.text_sets import is_text_set, read_text_set
from exchange.matching.evaluation.texts import as_graded, fill_with_texts, match_needs
from exchange.matching.explaining import PairAccount, account_of, feature_rows
from exchange.matching.queries import listing_id_of
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
@click.option(
    "--calibration", type=click.Path(dir_okay=False, path_type=Path),
    help="Draw into this SVG file how often pairs of a score were right.",
)  # fmt: skip
@with_appcontext
def evaluate_command(
    folder: Path, *, as_json: bool, pairs: Path | None, calibration: Path | None
) -> None:
    """Run the pipeline over a graded set in a throw-away database and index, and measure it.

    FOLDER holds listings (organisations.jsonl, needs.jsonl, offers.jsonl, match_qrels.tsv) or plain
    texts (docs.jsonl, queries.jsonl, qrels.tsv; also as .xz): questions are needs, texts offers.
    """
    with throwaway_site(house().settings) as app:
        run = job_run(app)
        graded, report = prepare_folder(app, folder)
        with app.app_context():
            today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
            results = measure(run.house, run.read(), graded, today)
            if (twins := read_twins(folder)) is not None:
                found = proposed_twins(run.read(), listing_ids(run.read()), today)
                results["duplicates"] = twin_measures(found, twins)
            if calibration:
                picture = reliability(run.read(), graded, today)
                calibration.write_text(picture, encoding="utf-8")
            if pairs:
                write_rows(pairs, ranked_pairs(run.read(), graded, today))
    for error in report.errors:
        click.echo(f"not taken over: {error.row_id} {dict(error.fields)}", err=True)
    click.echo(json.dumps(results) if as_json else as_table(results))


@matching_commands.command("explain")
@click.argument("need")
@click.argument("offer")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def explain_command(need: str, offer: str, *, as_json: bool) -> None:
    """Say why two listings, by their public ids, are suggested or not: every gate and feature."""
    run = job_run(current_app)
    session = run.read()
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    first, second = (_listing_id(session, public_id) for public_id in (need, offer))
    account = account_of(run.house, session, first, second, today)
    click.echo(json.dumps(as_record(account)) if as_json else as_lines(account))


def _listing_id(session: Session, public_id: str) -> int:
    found = listing_id_of(session, public_id)
    if found is None:
        raise click.ClickException(f"There is no such listing: {public_id}")
    return found


def as_record(account: PairAccount) -> dict[str, Any]:
    """The account as plain values, from which the score can be computed again by hand."""
    facts = {item.name: dict(item.params) for item in account.features}
    return {
        "closed": [{"code": gate.code, **gate.params} for gate in account.closed],
        "suggested": account.is_stored,
        "score": account.score,
        "logit": account.logit,
        "base": account.base,
        "weights": account.weights.version,
        "features": [
            row | {"facts": facts.get(row["name"], {})} for row in feature_rows(account)
        ],
    }


def as_lines(account: PairAccount) -> str:
    """The account as a table."""
    lines = [f"closed: {gate.code} {dict(gate.params)}" for gate in account.closed]
    lines.append(f"{'feature':16} {'value':>7} {'mean':>7} {'weight':>8} {'part':>8}  facts")
    told = {item.name: f"  {item.code} {dict(item.params)}" for item in account.features}
    for row in feature_rows(account):
        value = "unknown" if row["value"] is None else f"{row['value']:7.3f}"
        numbers = f"{value} {row['mean']:7.3f} {row['weight']:8.3f} {row['contribution']:8.3f}"
        lines.append(f"{row['name']:16} {numbers}{told.get(row['name'], '')}")
    known = "suggested" if account.is_stored else "not suggested"
    base = account.base
    return "\n".join(
        [*lines, f"base {base:.3f}, logit {account.logit:.3f}, score {account.score:.3f}; {known}"]
    )


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write one JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def prepare_folder(app: Flask, folder: Path) -> tuple[GradedSet, Report]:
    """Fill a throw-away site with a set of either form, and let it be matched."""
    if not is_text_set(folder):
        graded = read_graded_set(folder)
        return graded, prepare(app, graded)
    try:
        given = read_text_set(folder)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"{folder.name}: a row has another form: {error}") from error
    run = job_run(app)
    graded = as_graded(given, civil_date(run.house.clock.now(), run.house.settings.time_zone))
    with app.app_context():
        db.metadata.create_all(db.engine)
        with run.act() as act:
            fill_with_texts(act, graded)
        ensure_index(run)
        match_needs(run)
    return graded, Report(done=len(graded.needs) + len(graded.offers))


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
