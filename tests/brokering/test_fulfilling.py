"""What is given back at the end, and that nobody confirms what they have not read."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import MatchState, ProxyConsent
from exchange.brokering.pairs import SETTLED
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side, State
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.factories import make_listing
from tests.invariants import broken


def complete(scene: Scene, public_id: str, stated: int | None) -> None:
    with scene.act(scene.cast.officer) as act:
        version = fulfilling.record_outcome(act, public_id, "用上了", 30, stated).version
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=version)
    assert scene.match(public_id).state is MatchState.COMPLETED


# Taken and covers as agreed, delivered, what the outcome states; then what both sides keep.
KEPT = (
    (100_000, 100_000, 10_000, 10_000, 10_000, 10_000),
    (100_000, 100_000, 10_000, None, 10_000, 10_000),
    (100_000, 100_000, 0, 40_000, 40_000, 40_000),
    (100_000, 100_000, 10_000, 60_000, 60_000, 60_000),
    (100_000, 100_000, 60_000, 10_000, 60_000, 60_000),
    (100_000, 100_000, 0, 0, 0, 0),
    (100_000, 100_000, 0, None, 100_000, 100_000),
    (100_000, 100_000, 0, 500_000, 100_000, 100_000),
    (30_000, 60_000, 10_000, 10_000, 10_000, 20_000),
    (30_000, 60_000, 0, 30_000, 15_000, 30_000),
    (100_000, 3_000, 0, 1_000, 33_334, 1_000),
)


def test_what_did_not_arrive_is_free_again_once_it_is_completed(scene: Scene) -> None:
    cast = scene.cast
    for case in KEPT:
        taken, covers, delivered, stated, kept_of_offer, kept_of_need = case
        scene.need_id = make_listing(cast.house, cast.officer, Side.NEED, unit="部").id
        scene.offer_id = make_listing(cast.house, cast.enterprise, Side.OFFER).id
        public_id, commitment = scene.agreed(taken=taken, covers=covers)
        if delivered:
            with scene.act(cast.enterprise) as act:
                fulfilling.record_delivery(act, public_id, commitment, delivered)
        complete(scene, public_id, stated)
        assert scene.listing(Side.OFFER).committed_milli == kept_of_offer, case
        assert scene.listing(Side.NEED).committed_milli == kept_of_need, case
    assert broken(cast.session) == []


def test_listings_open_again_for_what_did_not_arrive(scene: Scene) -> None:
    public_id, commitment = scene.agreed(taken=100_000, covers=100_000)
    assert scene.listing(Side.NEED).state is State.FULFILLED
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_delivery(act, public_id, commitment, 10_000)
    complete(scene, public_id, 10_000)
    need, offer = scene.listing(Side.NEED), scene.listing(Side.OFFER)
    assert need.state is offer.state is State.PARTLY_MATCHED
    assert need.remaining_milli == 90_000


def test_outcome_counts_over_several_commitments(scene: Scene) -> None:
    public_id, first = scene.agreed(taken=30_000, covers=30_000)
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 50_000, 50_000)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_delivery(act, public_id, first, 10_000)
    complete(scene, public_id, 45_000)
    assert scene.listing(Side.OFFER).committed_milli == 45_000
    assert [item.delivered_milli for item in scene.match(public_id).commitments] == [30_000, 15_000]
    assert broken(scene.cast.session) == []


def test_file_that_is_closed_keeps_the_pair_out_of_the_queue() -> None:
    assert {MatchState.COMPLETED, MatchState.EVALUATED} <= set(SETTLED)


def test_nobody_confirms_an_outcome_that_was_rewritten_since(
    scene: Scene, client: FlaskClient
) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_outcome(act, public_id, "到了三台", 3)
    read = scene.version(public_id)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_outcome(act, public_id, "到了三十台", 300)
    with pytest.raises(Conflict, match="outcome_changed"), scene.act(scene.cast.officer) as act:
        fulfilling.confirm_outcome(act, public_id, Side.NEED, version=read)
    scene.cast.sign_in(client, scene.cast.officer)
    path = f"/matches/{public_id}/confirm"
    answer = client.post(path, data={"side": "need", "version": read})
    assert answer.status_code == 422
    assert "成效有人改过了" in answer.text
    assert "到了三十台" in answer.text
    assert f'name="version" value="{scene.version(public_id)}"' in answer.text
    for bad in ({}, {"version": "x"}, {"version": "9" * 40}):
        assert client.post(path, data={"side": "need", **bad}).status_code == 422
    assert client.post(path, data={"side": "need", "version": scene.version(public_id)}).location
    assert scene.match(public_id).state is MatchState.COMPLETED


def test_program_confirms_the_version_that_it_has_read(scene: Scene, client: FlaskClient) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_outcome(act, public_id, "到了三台", 3)
    officer = scene.cast.officer
    with scene.open() as act:
        token = create_token(
            act, officer.person_id, officer.organisation_id, "x", may_write=True, days=1
        ).secret
    headers = {"Authorization": f"Bearer {token}"}
    read = client.get(f"/api/v1/matches/{public_id}", headers=headers).json
    assert read
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_outcome(act, public_id, "到了三十台", 300)
    path = f"/api/v1/matches/{public_id}/confirm"
    said = {"side": "need", "version": read["version"]}
    assert client.post(path, json={"side": "need"}, headers=headers).status_code == 422
    late = client.post(path, json=said, headers=headers)
    assert (late.status_code, late.json["code"]) == (409, "outcome_changed")  # type: ignore[index]  # JSON of an error
    now = said | {"version": scene.version(public_id)}
    assert client.post(path, json=now, headers=headers).status_code == 200


def test_who_belongs_to_both_sides_confirms_for_neither_by_writing(scene: Scene) -> None:
    from_both = scene.cast.officer
    scene.cast._join(from_both.person, scene.cast.enterprise.organisation, Role.MEMBER)
    scene.cast.session.commit()
    public_id, _ = scene.agreed()
    with scene.act(from_both) as act:
        match = fulfilling.record_outcome(act, public_id, "都好", 3)
        assert match.outcome
        assert match.outcome.need_confirmed_at is None
        assert match.outcome.offer_confirmed_at is None


def test_everybody_hears_of_the_first_confirmation_also_who_has_a_proxy(scene: Scene) -> None:
    cast, (public_id, _) = scene.cast, scene.agreed()
    with scene.act(cast.broker) as act:
        fulfilling.record_outcome(act, public_id, "用上了", 30)
    with scene.act(cast.broker) as act:
        fulfilling.confirm_outcome(
            act, public_id, Side.NEED, version=scene.version(public_id),
            consent=ProxyConsent.PHONE, consent_note="电话里说对",
        )  # fmt: skip

    def told(code: str) -> set[int]:
        cast.session.rollback()
        return set(cast.session.scalars(sa.select(Notice.person_id).where(Notice.code == code)))

    assert told("match_need_confirmed") == {cast.officer.person_id, cast.enterprise.person_id}
    with scene.act(cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=scene.version(public_id))
    assert told("match_offer_confirmed") == set()
    assert told("match_completed") == {cast.officer.person_id, cast.broker.person_id}


def test_who_confirms_by_writing_has_told_of_it_by_that(scene: Scene) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, "用上了", 30)
    codes = scene.cast.session.scalars(sa.select(Notice.code)).all()
    assert "match_outcome_recorded" in codes
    assert "match_need_confirmed" not in codes
