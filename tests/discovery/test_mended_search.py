"""The search page where a question is mistyped."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.jobs.cli import job_run
from exchange.search import spellers
from exchange.search.lexicon_jobs import lexicon_job
from tests.cast import Cast
from tests.discovery.conftest import DirectStage

MENDED = "现在显示“冷库”的结果"


def test_a_site_that_has_just_started_mends_as_soon_as_its_words_are_counted(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = 100.0
    monkeypatch.setattr(spellers, "monotonic", lambda: seconds)
    stage.publish(cast.officer, "水果要冷库")
    assert MENDED not in client.get("/search?q=lengku").text
    with app.app_context():
        lexicon_job.handler(job_run(app), [{}])
    seconds += 1.5  # less than the pause between looks for newer words
    page = client.get("/search?q=lengku").text
    assert MENDED in page
    assert 'name="q" value="lengku"' in page
    assert "水果要<mark>冷库</mark>" in page
    as_typed = client.get("/search?q=lengku&literal=spelling").text
    assert MENDED not in as_typed
