"""What is agreed and put on record can be true: days and amounts, on the page and for programs."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.brokering.life import changing
from exchange.brokering.life.changing import Terms
from tests.brokering.conftest import Scene
from tests.conftest import SettableClock

PASSED, TODAY = "2026-11-21", "2026-11-22"


def insist_refused(answer: TestResponse, field: str, words: str) -> None:
    """Refused, with these words beside the field."""
    assert answer.status_code == 422
    assert words in answer.text
    assert f'{field}-error"' in answer.text


def test_nothing_is_promised_by_a_day_that_has_passed(scene: Scene, client: FlaskClient) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"taken": "30", "covers": "30"}
    for day in ("2020-01-01", PASSED):
        answer = client.post(f"/matches/{match}/commit", data={**sent, "due_on": day})
        insist_refused(answer, "commit-due_on", "这一天已经过了。")
        assert f'value="{day}"' in answer.text
    assert scene.match(match).commitments == []
    assert client.post(f"/matches/{match}/commit", data={**sent, "due_on": TODAY}).location
    assert scene.match(match).commitments[0].due_on == date(2026, 11, 22)


def test_no_change_is_asked_for_to_a_day_that_has_passed(
    scene: Scene, client: FlaskClient
) -> None:
    match, commitment = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    sent = {"commitment": commitment, "taken": "20", "covers": "20"}
    answer = client.post(f"/matches/{match}/changes", data={**sent, "due_on": PASSED})
    insist_refused(answer, "due_on", "这一天已经过了。")
    assert client.post(f"/matches/{match}/changes", data={**sent, "due_on": TODAY}).location


def test_a_day_that_is_agreed_and_has_passed_may_stay(scene: Scene, clock: SettableClock) -> None:
    match, commitment = scene.agreed()
    scene.match(match).commitments[0].due_on = date(2026, 11, 25)
    scene.cast.session.commit()
    clock.forward(days=9)
    with scene.act(scene.cast.officer) as act:
        terms = Terms(20_000, 20_000, date(2026, 11, 25))
        assert changing.propose_change(act, match, commitment, terms).due_on == terms.due_on
