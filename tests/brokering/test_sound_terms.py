"""What is agreed and put on record can be true: days and amounts, on the page and for programs."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.brokering.deeds.rules import may_have_come
from exchange.brokering.life import changing
from exchange.brokering.life.changing import Terms
from exchange.listings.kinds import Side
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


def test_nothing_arrived_before_the_two_were_introduced(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    match, commitment = scene.agreed()
    clock.forward(days=5)
    scene.cast.sign_in(client, scene.cast.officer)
    door, sent = f"/matches/{match}/delivery", {"commitment": commitment, "amount": "10"}
    for day in ("1900-01-01", PASSED):
        answer = client.post(door, data={**sent, "arrived_on": day})
        insist_refused(answer, "arrived_on", "日 才牵上线")
        assert f'value="{day}"' in answer.text
    assert scene.match(match).commitments[0].delivered_milli == 0
    assert client.post(door, data={**sent, "arrived_on": TODAY}).location


def test_where_no_introduction_is_on_record_the_match_is_the_first_day(
    scene: Scene, client: FlaskClient
) -> None:
    match, commitment = scene.agreed()
    scene.match(match).introduced_at = None
    scene.cast.session.commit()
    scene.cast.sign_in(client, scene.cast.officer)
    door, sent = f"/matches/{match}/delivery", {"commitment": commitment, "amount": "10"}
    answer = client.post(door, data={**sent, "arrived_on": PASSED})
    insist_refused(answer, "arrived_on", "才牵上线")
    assert client.post(door, data={**sent, "arrived_on": TODAY}).location


MORE = "抵的数不能比出的数多"


def test_no_more_is_covered_than_is_given_where_both_count_alike(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    door = f"/matches/{match}/commit"
    answer = client.post(door, data={"taken": "20", "covers": "25"})
    insist_refused(answer, "commit-covers", MORE)
    assert 'value="25"' in answer.text
    assert scene.listing(Side.NEED).committed_milli == 0
    assert client.post(door, data={"taken": "20", "covers": "20"}).location
    sent = {"commitment": scene.match(match).commitments[0].public_id, "taken": "20"}
    door = f"/matches/{match}/changes"
    insist_refused(client.post(door, data={**sent, "covers": "21"}), "covers", MORE)
    assert client.post(door, data={**sent, "covers": "19"}).location


def test_what_counts_in_two_units_may_cover_more(scene: Scene, client: FlaskClient) -> None:
    scene.count_apart()
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"taken": "20", "covers": "25"}
    assert client.post(f"/matches/{match}/commit", data=sent).location


def test_what_was_agreed_so_before_may_get_another_day(scene: Scene) -> None:
    scene.count_apart()
    match, commitment = scene.agreed(taken=20_000, covers=25_000)
    scene.listing(Side.NEED).unit = "台"
    scene.cast.session.commit()
    terms = Terms(20_000, 25_000, date(2026, 12, 25))
    with scene.act(scene.cast.officer) as act:
        asked = changing.propose_change(act, match, commitment, terms).public_id
    with scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    assert scene.match(match).commitments[0].due_on == terms.due_on


def test_an_outcome_of_far_more_than_was_agreed_is_taken_for_a_slip(
    scene: Scene, client: FlaskClient
) -> None:
    match, _ = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    door, sent = f"/matches/{match}/outcome", {"text": "用上了", "people": "30"}
    for amount in ("301", "999999999999"):
        answer = client.post(door, data={**sent, "amount": amount})
        insist_refused(answer, "amount", "超过了约定（30 台）的十倍")
        assert f'value="{amount}"' in answer.text
    client.get("/locale/en")
    answer = client.post(door, data={**sent, "amount": "301"})
    insist_refused(answer, "amount", "ten times what was agreed (30 units)")
    assert scene.match(match).outcome is None
    assert client.post(door, data={**sent, "amount": "300"}).location


@pytest.mark.parametrize(
    ("milli", "agreed", "asked", "code"),
    [
        (300, 30, 5, "allowed"),
        (301, 30, 500, "outcome_far_more_than_agreed"),
        (51, 0, 5, "outcome_far_more_than_asked"),
        (50, 0, 5, "allowed"),
        (10**15, 0, 0, "allowed"),
        (0, 30, 30, "allowed"),
    ],
)
def test_ten_times_what_was_agreed_is_the_most(
    milli: int, agreed: int, asked: int, code: str
) -> None:
    assert may_have_come(milli, agreed, asked).code == code


def test_where_all_was_let_go_what_was_asked_for_is_the_measure(
    scene: Scene, client: FlaskClient
) -> None:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.officer) as act:
        terms = Terms(drops_rest=True)
        asked = changing.propose_change(act, match, commitment, terms).public_id
    with scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    scene.cast.sign_in(client, scene.cast.officer)
    door, sent = f"/matches/{match}/outcome", {"text": "用上了", "people": "30"}
    answer = client.post(door, data={**sent, "amount": "1001"})
    insist_refused(answer, "amount", "超过了当初要的（100 台）的十倍")


def test_an_outcome_in_a_unit_of_its_own_is_measured_by_the_offer_that_counts_so(
    scene: Scene, client: FlaskClient
) -> None:
    match, _ = scene.agreed()
    scene.listing(Side.NEED).unit = None
    scene.cast.session.commit()
    scene.cast.sign_in(client, scene.cast.officer)
    door, sent = f"/matches/{match}/outcome", {"text": "用上了", "people": "30"}
    answer = client.post(door, data={**sent, "amount": "301", "unit": "台"})
    insist_refused(answer, "amount", "超过了约定（30 台）的十倍")
    assert client.post(door, data={**sent, "amount": "301", "unit": "斤"}).location
