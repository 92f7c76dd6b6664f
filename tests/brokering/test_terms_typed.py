"""What is typed into a promise or a wish to change it: days that can be meant, and nothing lost."""

import pytest
from flask.testing import FlaskClient

from exchange.brokering.life import changing
from exchange.brokering.life.changing import Terms
from tests.brokering.conftest import Scene


def form_in(text: str, form_id: str) -> str:
    """A form as it stands on a page; empty where it does not."""
    return text.partition(f'id="{form_id}"')[2].partition("</form>")[0]


def test_a_promise_for_a_far_year_is_refused_beside_its_day(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"taken": "30", "covers": "25", "due_on": "2099-01-31"}
    answer = client.post(f"/matches/{match}/commit", data=sent)
    assert answer.status_code == 422
    form = form_in(answer.text, "step-commit")
    assert "离现在三年以上了" in form.partition('id="commit-due_on-error"')[2]
    for typed in ("30", "25", "2099-01-31"):
        assert f'value="{typed}"' in form, typed
    assert scene.match(match).commitments == []


@pytest.mark.parametrize("day", ["2099-01-31", "2031-01-31"])
def test_a_wish_for_a_far_year_is_refused_beside_its_day(
    scene: Scene, client: FlaskClient, day: str
) -> None:
    match, commitment = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    sent = {"commitment": commitment, "taken": "30", "covers": "30", "due_on": day}
    answer = client.post(f"/matches/{match}/changes", data=sent)
    assert answer.status_code == 422
    assert "离现在三年以上了" in form_in(answer.text, f"change-of-{commitment}")


def test_a_second_wish_while_one_waits_keeps_what_was_typed(
    scene: Scene, client: FlaskClient
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    with scene.act(cast.officer) as act:
        changing.propose_change(act, match, commitment, Terms(20_000, 20_000))
    cast.sign_in(client, cast.enterprise)
    form_id = f"change-of-{commitment}"
    assert not form_in(client.get(f"/matches/{match}").text, form_id)
    sent = {"commitment": commitment, "taken": "17", "covers": "13", "note": "车只有一辆"}
    answer = client.post(f"/matches/{match}/changes", data=sent)
    assert answer.status_code == 422
    form = form_in(answer.text, form_id)
    assert "已经有一个改动在等答复" in form
    for typed in ("17", "13", "车只有一辆"):
        assert f'value="{typed}"' in form, typed
