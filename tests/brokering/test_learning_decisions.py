"""What is decided about a pair is kept with the features it had, for matching to learn from."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import claiming, closing, proposing
from exchange.brokering.life.introductions import introductions
from exchange.kernel.act import House
from exchange.listings.kinds import Side
from exchange.listings.service import withdraw_listing
from exchange.matching.exposure_rules import Introductions, Seen
from exchange.matching.fingerprint import engine_name
from exchange.matching.jobs import request_matching
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.models import PairDecision
from exchange.matching.models import Suggestion
from tests.brokering.conftest import Scene
from tests.cast import FIRM_AREA
from tests.factories import make_listing


def kept(scene: Scene) -> PairDecision:
    scene.cast.session.rollback()
    return scene.cast.session.scalars(
        sa.select(PairDecision).execution_options(populate_existing=True)
    ).one()


def state(scene: Scene) -> tuple[Cause, str]:
    row = kept(scene)
    return row.cause, row.reason


def pair(scene: Scene) -> dict[str, str]:
    return {side.value: scene.listing(side).public_id for side in Side}


def test_a_dismissal_is_kept_with_its_reason_and_the_features_of_the_moment(
    scene: Scene, client: FlaskClient, house: House, run_jobs: Callable[[], int]
) -> None:
    with scene.open() as act:
        for listing_id in (scene.need_id, scene.offer_id):
            request_matching(act, listing_id)
    run_jobs()
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.post("/today/dismiss", data=pair(scene) | {"reason": "too_far", "note": "x"})
    assert answer.status_code == 302
    row = kept(scene)
    assert (row.cause, row.reason) == (Cause.DISMISSED, "too_far")
    assert row.features["category"] == 1
    assert {"nearness", "terms", "text_meaning"} <= row.features.keys()
    assert "beneficiaries" not in row.features  # nothing was known of them
    assert row.engine == engine_name(house, scene.cast.session)
    assert 0 < row.score_micro < 1_000_000
    stored = scene.cast.session.scalars(sa.select(Suggestion.score_micro)).one()
    assert abs(stored - row.score_micro) <= 2


def test_what_is_not_read_yet_is_unknown(scene: Scene) -> None:
    scene.claimed()
    row = kept(scene)
    assert not {"title_meaning", "text_meaning"} & row.features.keys()
    assert row.features["category"] == 1


def test_each_step_refines_what_the_pair_says_and_leaves_its_features(scene: Scene) -> None:
    public_id, commitment = scene.agreed()
    first = kept(scene)
    features, decided_at = dict(first.features), first.decided_at
    assert state(scene) == (Cause.INTRODUCED, "")
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 30_000)
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, text="用上了", people=80)
    version = scene.version(public_id)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=version)
    assert state(scene) == (Cause.COMPLETED, "")
    assert dict(kept(scene).features) == features
    assert kept(scene).decided_at == decided_at


@pytest.mark.parametrize("reason", [CloseReason.TERMS, CloseReason.NOT_NEEDED])
def test_a_no_is_kept_with_its_reason(scene: Scene, reason: CloseReason) -> None:
    public_id = scene.proposed()
    assert state(scene) == (Cause.CLAIMED, "")
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=reason)
    assert state(scene) == (Cause.DECLINED, reason.value)


def test_a_failure_and_a_new_try(scene: Scene) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, public_id, CloseReason.QUALITY, "坏了")
    assert state(scene) == (Cause.FAILED, "quality")
    scene.claimed()
    assert state(scene) == (Cause.CLAIMED, "")


def test_a_listing_that_ends_says_nothing_of_the_pair(scene: Scene) -> None:
    scene.proposed()
    listing = scene.listing(Side.NEED)
    with scene.act(scene.cast.officer) as act:
        withdraw_listing(act, listing)
    assert state(scene) == (Cause.LAPSED, "")


def test_introductions_are_counted_by_organisation(scene: Scene, house: House) -> None:
    giver = scene.cast.enterprise.organisation_id
    since = house.clock.now()
    session = scene.cast.session
    assert introductions(session, [giver], since) == {}
    scene.introduced()
    session.rollback()
    assert introductions(session, [giver], since) == {giver: Introductions(1, 1)}
    assert introductions(session, [], since) == {}


def test_a_new_organisation_comes_before_one_that_fits_as_well_and_says_so(
    scene: Scene, client: FlaskClient, house: House
) -> None:
    """Seen on the page of the need and in the broker's day; the score is that of before."""
    scene.introduced()
    cast = scene.cast
    newcomer = cast.make_player("新人", FIRM_AREA)
    other = make_listing(house, newcomer, Side.OFFER, title="新来的微耕机")
    known = make_listing(house, cast.enterprise, Side.OFFER, title="老面孔微耕机")
    with scene.open() as act:
        for offer_id, score in ((other.id, 0.79), (known.id, 0.8)):
            act.session.add(
                Suggestion(
                    need_id=scene.need_id, offer_id=offer_id, score_micro=round(score * 1e6),
                    reasons=[], engine="hand", computed_at=act.now,
                )
            )  # fmt: skip
    cast.sign_in(client, cast.broker)
    for address in (f"/listings/{scene.listing(Side.NEED).public_id}", "/today"):
        page = client.get(address).text
        assert page.index("新来的微耕机") < page.index("老面孔微耕机")
        assert page.count("新来的，还没有介绍过") == 1
    assert Seen.NEW.value == "new"


def test_whatever_stands_above_a_higher_number_says_why(
    scene: Scene, client: FlaskClient, house: House, session: Session
) -> None:
    """86 was taken up twice, 85 once, 84 never: they stand the other way round, and two say why."""
    cast = scene.cast
    session.execute(sa.delete(Suggestion))
    givers = [cast.make_player(name, FIRM_AREA) for name in ("甲企", "乙企", "丙企")]
    offers = [
        make_listing(house, who, Side.OFFER, title=f"{score}分的微耕机")
        for who, score in zip(givers, (86, 85, 84), strict=True)
    ]
    for who, taken in zip(givers, (2, 1, 0), strict=True):
        for _time in range(taken):
            need = make_listing(house, cast.officer, Side.NEED).id
            offer = make_listing(house, who, Side.OFFER).id
            with scene.act(cast.broker) as act:
                claiming.claim(act, need, offer)
    with scene.open() as act:
        for offer, score in zip(offers, (86, 85, 84), strict=True):
            act.session.add(
                Suggestion(
                    need_id=scene.need_id, offer_id=offer.id, score_micro=score * 10_000,
                    reasons=[], engine="hand", computed_at=act.now,
                )
            )  # fmt: skip
    cast.sign_in(client, cast.broker)
    for address in (f"/listings/{scene.listing(Side.NEED).public_id}", "/today"):
        page = client.get(address).text
        parts = re.split(r"(?=8[456]分的微耕机)", page)
        seen = [part for part in parts if part.startswith(("84分", "85分", "86分"))]
        order = list(dict.fromkeys(part[:2] for part in seen))
        assert order == ["84", "85", "86"], address
        assert page.count("新来的，还没有介绍过") == 1
        assert page.count("一样合适，介绍得少一些") == 1
