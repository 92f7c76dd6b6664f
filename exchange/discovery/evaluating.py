"""One evaluation of the search from beginning to end, whatever the form of the set."""

from datetime import date
from pathlib import Path

from exchange.discovery.evaluation import measure_search, read_question_set
from exchange.discovery.evaluation_engines import choose_engine, scratch
from exchange.discovery.evaluation_texts import measure_texts
from exchange.discovery.evaluation_vectors import KeptVectors
from exchange.jobs.cli import job_run
from exchange.jobs.runner import JobRun
from exchange.kernel.clock import civil_date
from exchange.kernel.settings import Settings
from exchange.listings.importing import RowError
from exchange.matching.cli import prepare, throwaway_site
from exchange.matching.evaluation.text_sets import is_text_set, read_text_set
from exchange.search.lexicon_jobs import refresh_lexicon
from exchange.search.meaning import ENCODER, encoder_of

VECTORS = "vectors.db"
Figures = dict[str, dict[str, float]]


def evaluate(
    settings: Settings, folder: Path, engine: str, vectors: Path | None = None
) -> tuple[Figures, list[RowError]]:
    """The figures of a set on a throw-away site with this engine, and rows not taken over.

    ``vectors`` is a file in which several evaluations share what they encode; without it the
    throw-away site keeps one. Raises OSError when files are missing, KeyError for an engine that
    does not exist, ConfigurationError when the settings name no server for it.
    """
    with scratch(settings, engine) as address, throwaway_site(settings, address) as app:
        run = job_run(app)
        kept = vectors or run.house.settings.data_dir / VECTORS
        run.house.resources[ENCODER] = KeptVectors(encoder_of(run.house), kept)
        choose_engine(run.house, engine)
        if is_text_set(folder):
            return measure_texts(run.house, read_text_set(folder)), []
        given = read_question_set(folder)
        report = prepare(app, given.listings)
        with app.app_context():
            refresh_lexicon(run)
            return measure_search(run.house, run.read(), given, _today(run)), report.errors


def _today(run: JobRun) -> date:
    return civil_date(run.house.clock.now(), run.house.settings.time_zone)
