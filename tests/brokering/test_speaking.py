"""Who may speak for a side, what may be written, and who hears of it."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Assignment
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import CloseReason, DismissReason, MatchState, ProxyConsent
from exchange.brokering.life import claiming, closing, proposing
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.factories import make_listing

CONSENT = {"consent": ProxyConsent.PHONE, "consent_note": "电话里说可以"}
PHONE = "直接打 13812345678"
CARD = "打到卡 6222021234567890128"


def set_kind(scene: Scene, kind: OrganisationKind) -> None:
    scene.listing(Side.NEED).organisation.kind = kind
    scene.cast.session.commit()


def test_only_villagers_have_a_proxy(scene: Scene) -> None:
    villagers = {"village_committee", "cooperative", "task_force", "individual_volunteer"}
    for kind in OrganisationKind:
        scene.need_id = make_listing(scene.cast.house, scene.cast.officer, Side.NEED).id
        set_kind(scene, OrganisationKind.VILLAGE_COMMITTEE)
        public_id = scene.proposed()
        set_kind(scene, kind)
        no = pytest.raises(Forbidden, match="match_no_proxy")
        with nullcontext() if kind.value in villagers else no, scene.act(scene.cast.broker) as act:
            proposing.answer(act, public_id, Side.NEED, accept=True, **CONSENT)


def test_who_belongs_to_one_side_is_no_proxy_of_the_other(
    scene: Scene, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    ids = frozenset({scene.cast.enterprise.organisation_id})
    supervisor = replace(scene.cast.supervisor.actor, organisation_ids=ids)
    for answers_own_first in (False, True):
        if answers_own_first:
            with scene.act(supervisor) as act:
                proposing.answer(act, public_id, Side.OFFER, accept=True)
        with (
            pytest.raises(Forbidden, match="match_proxy_one_side"),
            scene.act(supervisor) as act,
        ):
            proposing.answer(act, public_id, Side.NEED, accept=True, **CONSENT)
    assert scene.match(public_id).state is MatchState.PROPOSED


def test_who_answered_for_one_side_does_not_confirm_for_the_other(scene: Scene) -> None:
    cast = scene.cast
    scene.listing(Side.OFFER).organisation.kind = OrganisationKind.INDIVIDUAL_VOLUNTEER
    cast.session.commit()
    public_id = scene.proposed()
    with scene.act(cast.broker) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True, **CONSENT)
    with scene.act(cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, public_id, 1_000, 1_000)
    with scene.act(cast.officer) as act:
        version = fulfilling.record_outcome(act, public_id, "用上了", 3).version
    with (
        pytest.raises(Forbidden, match="match_proxy_one_side"),
        scene.act(cast.broker) as act,
    ):
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=version, **CONSENT)


def test_page_offers_no_proxy_where_nobody_may_be_one(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get(f"/matches/{public_id}").text
    assert 'id="proxy-need"' in page
    assert 'id="proxy-offer"' not in page


@pytest.mark.parametrize("text", [PHONE, CARD])
def test_no_contact_slips_through_when_a_proposal_is_taken_back(scene: Scene, text: str) -> None:
    public_id = scene.proposed()
    with pytest.raises(Invalid) as refused, scene.act(scene.cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.TIME, text)
    assert list(refused.value.fields) == ["note"]
    assert scene.match(public_id).state is MatchState.PROPOSED


def test_after_the_introduction_a_phone_may_be_written_and_a_card_never(scene: Scene) -> None:
    public_id, commitment = scene.agreed()
    with pytest.raises(Invalid, match="invalid") as refused, scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 1_000, CARD)
    assert refused.value.fields == {"note": ["payment_in_text"]}
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, commitment, 1_000, PHONE)
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, CARD, 3)
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        closing.fail(act, public_id, CloseReason.QUALITY, CARD)
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, PHONE, 3)


def test_refusal_on_the_page_names_the_words(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.post(f"/matches/{public_id}/withdraw", data={"reason": "time", "note": PHONE})
    assert answer.status_code == 422
    assert "%(words)s" not in answer.text
    assert "13812345678" in answer.text


def test_note_of_a_dismissal_holds_no_card(scene: Scene) -> None:
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        claiming.dismiss(act, scene.need_id, scene.offer_id, DismissReason.OTHER, CARD)


def test_broker_whose_duty_ended_hears_nothing_more_and_the_supervisor_does(
    scene: Scene,
) -> None:
    public_id, cast = scene.proposed(), scene.cast
    cast.session.execute(
        sa.update(Assignment)
        .where(Assignment.person_id == cast.broker.person_id)
        .values(ended_at=cast.now)
    )
    cast.session.commit()
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    for code in ("match_need_accepted", "match_introduced"):
        told = cast.session.scalars(sa.select(Notice.person_id).where(Notice.code == code)).all()
        assert cast.broker.person_id not in told
        assert cast.supervisor.person_id in told
