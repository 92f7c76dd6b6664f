"""What was done with a pair is taken back, as long as that hurts nobody."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.brokering.kinds import (
    Answer,
    CloseReason,
    DismissReason,
    MatchState,
)
from exchange.brokering.life import claiming, proposing, undoing
from exchange.brokering.pairs import is_free
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Side
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.models import PairDecision
from exchange.matching.models import Suggestion
from tests.brokering.conftest import Scene
from tests.conftest import SettableClock
from tests.factories import make_listing


def dismissed(scene: Scene) -> str:
    with scene.act(scene.cast.broker) as act:
        ids = scene.need_id, scene.offer_id
        return claiming.dismiss(act, *ids, DismissReason.TOO_FAR).public_id


def declined(scene: Scene, side: Side = Side.NEED) -> str:
    public_id = scene.proposed()
    who = scene.cast.officer if side is Side.NEED else scene.cast.enterprise
    with scene.act(who) as act:
        proposing.answer(act, public_id, side, accept=False, reason=CloseReason.TERMS)
    return public_id


def is_pair_free(scene: Scene) -> bool:
    """Whether the pair may be suggested, were it stored."""
    session = scene.cast.session
    session.rollback()
    session.add(_suggestion(scene))
    session.flush()
    free = session.scalar(sa.select(sa.func.count()).select_from(Suggestion).where(is_free()))
    session.rollback()
    return bool(free)


def _suggestion(scene: Scene) -> Suggestion:
    return Suggestion(
        need_id=scene.need_id, offer_id=scene.offer_id, score_micro=600_000, reasons=[],
        engine="test", computed_at=scene.cast.now,
    )  # fmt: skip


def test_a_dismissal_is_undone_within_a_week_and_then_by_a_supervisor_alone(
    scene: Scene, clock: SettableClock
) -> None:
    public_id = dismissed(scene)
    assert not is_pair_free(scene)
    clock.forward(days=8)
    with (
        pytest.raises(Conflict, match="match_too_late_to_undo"),
        scene.act(scene.cast.broker) as act,
    ):
        undoing.restore(act, public_id)
    with scene.act(scene.cast.supervisor) as act:
        undoing.restore(act, public_id)
    assert is_pair_free(scene)
    decision = scene.cast.session.get_one(PairDecision, (scene.need_id, scene.offer_id))
    assert decision.cause is Cause.WITHDRAWN
    assert scene.claimed() != public_id


def test_a_pair_is_dismissed_once_so_that_undoing_it_frees_it(scene: Scene) -> None:
    public_id = dismissed(scene)
    ids = scene.need_id, scene.offer_id
    for who in (scene.cast.broker, scene.cast.supervisor):
        with pytest.raises(Conflict, match="pair_already_dismissed"), scene.act(who) as act:
            claiming.dismiss(act, *ids, DismissReason.TERMS)
    with scene.act(scene.cast.broker) as act:
        undoing.restore(act, public_id)
    assert is_pair_free(scene)
    assert dismissed(scene) != public_id


def test_a_claim_given_back_is_free_for_another_broker(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.claimed()
    scene.cast.sign_in(client, scene.cast.broker)
    nothing = client.post(f"/matches/{public_id}/release", data={"note": "下周才回来"})
    assert nothing.status_code == 422
    assert "下周才回来" in nothing.text
    assert scene.match(public_id).state is MatchState.CLAIMED
    done = client.post(
        f"/matches/{public_id}/release", data={"reason": "no_time"}, follow_redirects=True
    )
    assert "已放回" in done.text
    assert "眼下顾不过来" in done.text
    assert is_pair_free(scene)
    with scene.act(scene.cast.supervisor) as act:
        assert claiming.claim(act, scene.need_id, scene.offer_id).public_id != public_id


def test_a_yes_is_taken_back_and_given_anew_until_the_other_side_answers(scene: Scene) -> None:
    public_id = scene.proposed()
    for _ in range(2):
        with scene.act(scene.cast.officer) as act:
            proposing.answer(act, public_id, Side.NEED, accept=True)
        with scene.act(scene.cast.officer) as act:
            undoing.take_back_answer(act, public_id, Side.NEED)
    side = scene.match(public_id).side(Side.NEED)
    assert (side.answer, side.answered_by_id, side.contact_id) == (Answer.PENDING, None, None)
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    with pytest.raises(Conflict, match="match_wrong_state"), scene.act(scene.cast.officer) as act:
        undoing.take_back_answer(act, public_id, Side.NEED)


def test_a_mistaken_no_is_taken_back_and_the_question_stands_again(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    public_id = declined(scene)
    clock.forward(hours=20)
    scene.cast.sign_in(client, scene.cast.officer)
    assert "收回我的答复" in client.get(f"/matches/{public_id}").text
    done = client.post(
        f"/matches/{public_id}/take-back", data={"side": "need"}, follow_redirects=True
    )
    assert "可以重新答复" in done.text
    match = scene.match(public_id)
    assert (match.state, match.close_reason, match.closed_at) == (MatchState.PROPOSED, None, None)
    assert match.lapses_at is not None
    assert match.lapses_at > clock.moment
    decision = scene.cast.session.get_one(PairDecision, (scene.need_id, scene.offer_id))
    assert decision.cause is Cause.CLAIMED


def test_a_no_is_not_taken_back_after_a_day_or_by_the_other_side(
    scene: Scene, clock: SettableClock
) -> None:
    public_id = declined(scene)
    with (
        pytest.raises(Conflict, match="match_not_answered"),
        scene.act(scene.cast.enterprise) as act,
    ):
        undoing.take_back_answer(act, public_id, Side.OFFER)
    with (
        pytest.raises(Forbidden, match="match_not_your_side"),
        scene.act(scene.cast.enterprise) as act,
    ):
        undoing.take_back_answer(act, public_id, Side.NEED)
    clock.forward(hours=25)
    with (
        pytest.raises(Conflict, match="match_too_late_to_undo"),
        scene.act(scene.cast.officer) as act,
    ):
        undoing.take_back_answer(act, public_id, Side.NEED)


def test_a_no_after_the_other_sides_yes_stands(scene: Scene) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TIME)
    with (
        pytest.raises(Conflict, match="match_other_answered"),
        scene.act(scene.cast.officer) as act,
    ):
        undoing.take_back_answer(act, public_id, Side.NEED)


def test_a_no_is_not_taken_back_once_the_pair_was_taken_up_anew(scene: Scene) -> None:
    public_id = declined(scene)
    scene.claimed()
    with (
        pytest.raises(Conflict, match="match_already_claimed"),
        scene.act(scene.cast.officer) as act,
    ):
        undoing.take_back_answer(act, public_id, Side.NEED)


def test_after_a_no_the_next_best_pair_is_taken_up_from_the_page(
    scene: Scene, client: FlaskClient
) -> None:
    other = make_listing(
        scene.cast.house, scene.cast.enterprise, Side.OFFER, title="另有微耕机两台"
    )
    public_id = declined(scene, Side.OFFER)
    session = scene.cast.session
    session.add(
        Suggestion(
            need_id=scene.need_id, offer_id=other.id, score_micro=900_000, reasons=[],
            engine="test", computed_at=scene.cast.now,
        )
    )  # fmt: skip
    session.commit()
    ids = {"need": scene.listing(Side.NEED).public_id, "offer": other.public_id}
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get(f"/matches/{public_id}").text
    assert "还有谁合适" in page
    assert "另有微耕机两台" in page
    done = client.post(f"/matches/{public_id}/next", data=ids, follow_redirects=True)
    assert "已经换了这一对来接" in done.text
    assert "换了一对来接" in client.get(f"/matches/{public_id}").text
    again = client.post(f"/matches/{public_id}/next", data=ids)
    assert again.status_code == 422
    scene.cast.sign_in(client, scene.cast.officer)
    assert "还有谁合适" not in client.get(f"/matches/{public_id}").text


def test_next_is_refused_for_another_pair_and_while_the_match_goes_on(scene: Scene) -> None:
    public_id = scene.proposed()
    house, cast = scene.cast.house, scene.cast
    need = make_listing(house, cast.officer, Side.NEED).id
    offer = make_listing(house, cast.enterprise, Side.OFFER).id
    with pytest.raises(Conflict, match="match_wrong_state"), scene.act(cast.broker) as act:
        undoing.claim_next(act, public_id, scene.need_id, offer)
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TIME)
    with pytest.raises(Conflict, match="pair_wrong_side"), scene.act(cast.broker) as act:
        undoing.claim_next(act, public_id, need, offer)
    with pytest.raises(Forbidden), scene.act(cast.officer) as act:
        undoing.claim_next(act, public_id, scene.need_id, offer)
