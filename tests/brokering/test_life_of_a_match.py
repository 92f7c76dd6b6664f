"""From claim to evaluated outcome, and everything that must be refused on the way."""

import pytest

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import (
    Answer,
    CloseReason,
    DismissReason,
    MatchState,
    ProxyConsent,
)
from exchange.brokering.life import claiming, closing, proposing
from exchange.brokering.models import ContactReveal, TimelineEntry
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side, State
from tests.brokering.conftest import Scene


def test_whole_life_ends_evaluated_with_every_step_on_the_timeline(scene: Scene) -> None:
    public_id, commitment = scene.agreed()
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 30_000, "都到了")
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, "三十台到村，春耕没耽误", 120, 30_000)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=scene.version(public_id))
    with scene.act(scene.cast.broker) as act:
        fulfilling.evaluate(act, public_id, "愿意再合作")
    match = scene.match(public_id)
    assert match.state is MatchState.EVALUATED
    entries = scene.cast.session.query(TimelineEntry).order_by(TimelineEntry.id).all()
    assert [entry.code for entry in entries] == [
        "claimed", "proposed", "need_accepted", "offer_accepted", "introduced", "committed",
        "delivered", "outcome_recorded", "need_confirmed", "offer_confirmed", "completed",
        "evaluated",
    ]  # fmt: skip
    assert all(entry.person_id and entry.at for entry in entries)


def test_claimed_pair_cannot_be_claimed_again(scene: Scene) -> None:
    scene.claimed()
    with (
        pytest.raises(Conflict, match="match_already_claimed"),
        scene.act(scene.cast.supervisor) as act,
    ):
        claiming.claim(act, scene.need_id, scene.offer_id)


def test_only_a_broker_of_the_place_claims(scene: Scene) -> None:
    for who in (scene.cast.officer, scene.cast.enterprise, scene.cast.stranger):
        with pytest.raises(Forbidden), scene.act(who) as act:
            claiming.claim(act, scene.need_id, scene.offer_id)


def test_pair_that_no_longer_fits_cannot_be_claimed(scene: Scene) -> None:
    scene.listing(Side.OFFER).state = State.WITHDRAWN
    scene.cast.session.commit()
    with pytest.raises(Conflict), scene.act(scene.cast.broker) as act:
        claiming.claim(act, scene.need_id, scene.offer_id)


def test_sides_do_not_see_a_match_before_it_is_proposed(scene: Scene) -> None:
    public_id = scene.claimed()
    with pytest.raises(NotFound), scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)


def test_proposal_needs_words(scene: Scene) -> None:
    public_id = scene.claimed()
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        proposing.propose(act, public_id, "   ")


def test_one_yes_introduces_nobody(scene: Scene) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    assert scene.match(public_id).state is MatchState.PROPOSED
    with pytest.raises(Forbidden, match="contact_not_yet"), scene.act(scene.cast.officer) as act:
        proposing.reveal_contact(act, public_id, Side.OFFER)


def test_contact_is_shown_to_both_after_two_yeses_and_recorded_once(scene: Scene) -> None:
    public_id = scene.introduced()
    for _ in range(2):
        with scene.act(scene.cast.officer) as act:
            contact = proposing.reveal_contact(act, public_id, Side.OFFER)
    assert contact.phone == scene.cast.enterprise.phone
    with scene.act(scene.cast.enterprise) as act:
        assert proposing.reveal_contact(act, public_id, Side.NEED).phone == scene.cast.officer.phone
    assert scene.cast.session.query(ContactReveal).count() == 2


def test_stranger_never_learns_of_a_match_or_a_contact(scene: Scene) -> None:
    public_id = scene.introduced()
    with pytest.raises(NotFound), scene.act(scene.cast.stranger) as act:
        proposing.reveal_contact(act, public_id, Side.NEED)


def test_no_ends_the_match_and_needs_a_reason(scene: Scene) -> None:
    public_id = scene.proposed()
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False)
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TERMS)
    match = scene.match(public_id)
    assert match.state is MatchState.DECLINED
    assert match.side(Side.NEED).decline_reason is CloseReason.TERMS


def test_answer_is_given_once(scene: Scene) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with pytest.raises(Conflict), scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TIME)


def test_side_cannot_answer_for_the_other(scene: Scene) -> None:
    public_id = scene.proposed()
    with pytest.raises(Forbidden), scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)


def test_proposer_answers_only_as_recorded_proxy_with_consent(scene: Scene) -> None:
    public_id = scene.proposed()
    with pytest.raises(Invalid) as refused, scene.act(scene.cast.broker) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    assert refused.value.fields["consent"] == ["match_proxy_needs_consent"]
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True, consent=ProxyConsent.PHONE)
    with scene.act(scene.cast.broker) as act:
        proposing.answer(
            act, public_id, Side.NEED, accept=True, consent=ProxyConsent.PHONE,
            consent_note="电话里说同意和冷链公司对接",
        )  # fmt: skip
    side = scene.match(public_id).side(Side.NEED)
    assert side.answer is Answer.ACCEPTED
    assert side.proxy_consent is ProxyConsent.PHONE
    assert side.contact_id == scene.cast.officer.person_id


def test_commitment_holds_both_amounts(scene: Scene) -> None:
    scene.agreed(taken=30_000, covers=25_000)
    assert scene.listing(Side.OFFER).committed_milli == 30_000
    need = scene.listing(Side.NEED)
    assert need.committed_milli == 25_000
    assert need.state is State.PARTLY_MATCHED


def test_more_than_is_left_is_never_promised(scene: Scene) -> None:
    public_id = scene.introduced()
    for taken, covers in ((100_001, 1), (1, 100_001), (0, 5), (5, -1)):
        with pytest.raises(Conflict), scene.act(scene.cast.broker) as act:
            fulfilling.commit(act, public_id, taken, covers)
    assert scene.listing(Side.OFFER).committed_milli == 0
    assert scene.listing(Side.NEED).committed_milli == 0


def test_failed_match_gives_back_what_was_not_delivered(scene: Scene) -> None:
    scene.count_apart()
    public_id, commitment = scene.agreed(taken=30_000, covers=60_000)
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 10_000)
    with scene.act(scene.cast.officer) as act:
        closing.fail(act, public_id, CloseReason.NOT_DELIVERED, "后面的没来")
    assert scene.listing(Side.OFFER).committed_milli == 10_000
    assert scene.listing(Side.NEED).committed_milli == 20_000
    assert scene.match(public_id).state is MatchState.FAILED


def test_delivery_beyond_the_commitment_is_refused(scene: Scene) -> None:
    public_id, commitment = scene.agreed()
    with pytest.raises(Invalid), scene.act(scene.cast.enterprise) as act:
        fulfilling.record_delivery(act, public_id, commitment, 30_001)


def test_unanswered_proposal_lapses(scene: Scene, clock: object) -> None:
    public_id = scene.proposed()
    clock.forward(days=13)  # type: ignore[attr-defined]  # the settable clock of tests
    with scene.open() as act:
        assert closing.due_to_lapse(act.session, act.now) == []
    clock.forward(days=2)  # type: ignore[attr-defined]  # likewise
    with scene.open() as act:
        assert closing.due_to_lapse(act.session, act.now) == [public_id]
        closing.lapse(act, public_id)
    assert scene.match(public_id).state is MatchState.LAPSED


def test_dismissed_pair_leaves_the_queue_and_a_reason(scene: Scene) -> None:
    with scene.act(scene.cast.broker) as act:
        made = claiming.dismiss(act, scene.need_id, scene.offer_id, DismissReason.TOO_FAR, "太远")
        public_id = made.public_id
    match = scene.match(public_id)
    assert (match.state, match.dismiss_reason) == (MatchState.DISMISSED, DismissReason.TOO_FAR)


def test_pair_may_be_taken_up_again_after_it_was_withdrawn(scene: Scene) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.TIME)
    assert scene.claimed() != public_id


def test_outcome_confirmed_by_proposer_needs_consent(scene: Scene) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        fulfilling.record_outcome(act, public_id, "都办好了", 30)
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        fulfilling.confirm_outcome(act, public_id, Side.NEED, version=scene.version(public_id))
    assert scene.match(public_id).state is MatchState.DELIVERING


def test_offering_organisation_answers_for_itself(scene: Scene) -> None:
    public_id = scene.proposed()
    with (
        pytest.raises(Forbidden, match="match_no_proxy"),
        scene.act(scene.cast.broker) as act,
    ):
        proposing.answer(
            act, public_id, Side.OFFER, accept=True, consent=ProxyConsent.PHONE,
            consent_note="电话里说可以",
        )  # fmt: skip
    assert scene.match(public_id).side(Side.OFFER).answer is Answer.PENDING


def test_nobody_is_the_proxy_of_both_sides(scene: Scene) -> None:
    scene.listing(Side.OFFER).organisation.kind = OrganisationKind.INDIVIDUAL_VOLUNTEER
    scene.cast.session.commit()
    public_id = scene.proposed()
    said = {"accept": True, "consent": ProxyConsent.PHONE, "consent_note": "电话里说可以"}
    with scene.act(scene.cast.broker) as act:
        proposing.answer(act, public_id, Side.NEED, **said)
    with (
        pytest.raises(Forbidden, match="match_proxy_one_side"),
        scene.act(scene.cast.broker) as act,
    ):
        proposing.answer(act, public_id, Side.OFFER, **said)
