"""A need filed for somebody: who speaks for it, what stays hidden, and what supervisors see."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.links.models import SignedLink
from exchange.audit.models import AuditEntry
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.delivering import confirm_delivery, deliveries_of, record_delivery
from exchange.brokering.deeds.models import MatchFile
from exchange.brokering.kinds import Answer, MatchState, ProxyConsent
from exchange.brokering.life import proposing
from exchange.brokering.models import CONSENT_CODE, TimelineEntry
from exchange.brokering.proxy.contacts import villager_behind
from exchange.brokering.proxy.speaking import Consent
from exchange.files.models import StoredFile
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.filing.models import FilingReveal
from exchange.listings.filing.rules import ConsentGiven
from exchange.listings.filing.service import withdraw_consent
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.brokering.conftest import Scene
from tests.cast import FIRM_AREA, Cast, Player
from tests.conftest import Queries
from tests.factories import make_listing
from tests.listings.filing_scene import SECRETS, photo_bytes, published, said_so

ActAs = Callable[..., AbstractContextManager[Act]]
Catch = Callable[[], AbstractContextManager[Queries]]
YES = {"accept": True, "consent": ProxyConsent.SPOKEN, "consent_note": "张桂花今天当面说行"}


class Filed(Scene):
    """The scene with a need that was filed; ``filer`` did it."""

    filer: Player
    filing_id: str


def filed_scene(
    cast: Cast, act_as: ActAs, filer: Player, given: ConsentGiven | None = None
) -> Filed:
    offer = make_listing(cast.house, cast.enterprise, Side.OFFER, unit="片")
    for player in (cast.broker, cast.supervisor, cast.stranger):
        assert player.person_id
    offer_id = offer.id
    with act_as(filer.actor) as act:
        filing = published(act, given)
        need_id, filing_id = filing.listing_id, filing.public_id
    made = Filed(cast, need_id, offer_id, act_as)
    made.filer, made.filing_id = filer, filing_id
    return made


@pytest.fixture
def filed(cast: Cast, act_as: ActAs) -> Filed:
    return filed_scene(cast, act_as, cast.officer)


def introduced(filed: Filed) -> str:
    match = filed.proposed()
    with filed.act(filed.filer) as act:
        proposing.answer(act, match, Side.NEED, **YES)  # type: ignore[arg-type]  # of several kinds
    with filed.act(filed.cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=True)
    return match


def test_the_filer_answers_only_as_a_proxy_with_consent_to_this_match(filed: Filed) -> None:
    match = filed.proposed()
    with pytest.raises(Invalid) as refused, filed.act(filed.cast.officer) as act:
        proposing.answer(act, match, Side.NEED, accept=True)
    assert refused.value.fields["consent"] == ["match_proxy_needs_consent"]
    with pytest.raises(Invalid), filed.act(filed.cast.officer) as act:
        proposing.answer(
            act, match, Side.NEED, accept=True, consent=ProxyConsent.SPOKEN, consent_note=" "
        )
    with filed.act(filed.cast.officer) as act:
        proposing.answer(act, match, Side.NEED, **YES)  # type: ignore[arg-type]  # of several kinds
    side = filed.match(match).side(Side.NEED)
    assert (side.answer, side.proxy_consent) == (Answer.ACCEPTED, ProxyConsent.SPOKEN)
    assert side.answered_by_id == filed.cast.officer.person_id


def test_who_filed_and_proposed_answers_for_nobody_without_consent(
    cast: Cast, act_as: ActAs
) -> None:
    filed = filed_scene(cast, act_as, cast.broker)
    match = filed.proposed()
    with pytest.raises(Invalid), filed.act(cast.broker) as act:
        proposing.answer(act, match, Side.NEED, accept=True)
    with pytest.raises(Forbidden), filed.act(cast.broker) as act:
        proposing.answer(act, match, Side.OFFER, **YES)  # type: ignore[arg-type]  # of several kinds
    with filed.act(cast.broker) as act:
        proposing.answer(act, match, Side.NEED, **YES)  # type: ignore[arg-type]  # of several kinds
    assert filed.match(match).side(Side.NEED).proxy_consent is ProxyConsent.SPOKEN


def test_no_signed_link_answers_for_somebody_it_was_filed_for(
    filed: Filed, run_jobs: Callable[[], int]
) -> None:
    match = filed.proposed()
    links = filed.cast.session.query(SignedLink).all()
    assert [one.subject for one in links] == [f"{match}:offer"]
    notices = filed.cast.session.query(Notice).filter_by(person_id=filed.cast.officer.person_id)
    assert any(one.path == f"/matches/{match}" for one in notices)


def test_every_further_word_of_the_side_is_a_proxys(filed: Filed) -> None:
    match = introduced(filed)
    officer, broker = filed.cast.officer, filed.cast.broker
    with filed.act(broker) as act:
        commitment = fulfilling.commit(act, match, 5_000, 5_000).public_id
    with filed.act(officer) as act:
        record_delivery(act, match, commitment, 5_000)
    delivery = deliveries_of(filed.cast.session, filed.match(match).id)[0]
    assert delivery.received_at is None
    key = delivery.public_id
    filed.cast.session.rollback()
    with pytest.raises(Invalid), filed.act(officer) as act:
        confirm_delivery(act, match, key, Side.NEED)
    consent = Consent(ProxyConsent.PHONE, "张桂花电话里说收到了")
    with filed.act(officer) as act:
        confirm_delivery(act, match, key, Side.NEED, consent)
    with filed.act(officer) as act:
        fulfilling.record_outcome(act, match, "瓦片到了", 1, 5_000)
    outcome = filed.match(match).outcome
    assert outcome is not None
    assert outcome.need_confirmed_at is None
    version = filed.version(match)
    with pytest.raises(Invalid), filed.act(officer) as act:
        fulfilling.confirm_outcome(act, match, Side.NEED, version=version)
    with filed.act(officer) as act:
        fulfilling.confirm_outcome(
            act, match, Side.NEED, version=version,
            consent=ProxyConsent.SPOKEN, consent_note="张桂花说对",
        )  # fmt: skip
    entries = filed.cast.session.query(TimelineEntry).filter_by(code=CONSENT_CODE).all()
    assert [one.params["kind"] for one in entries] == ["spoken", "phone", "spoken"]
    assert all(one.is_internal for one in entries)


def test_the_other_side_learns_who_it_is_only_once_both_have_agreed(
    filed: Filed, client: FlaskClient
) -> None:
    match = filed.proposed()
    filed.cast.sign_in(client, filed.cast.enterprise)
    page = client.get(f"/matches/{match}").get_data(as_text=True)
    assert not [word for word in SECRETS if word in page]
    assert client.post(f"/matches/{match}/contact/need").status_code == 403
    with filed.act(filed.cast.officer) as act:
        proposing.answer(act, match, Side.NEED, **YES)  # type: ignore[arg-type]  # of several kinds
    with filed.act(filed.cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=True)
    page = client.get(f"/matches/{match}").get_data(as_text=True)
    assert not [word for word in (*SECRETS, "当面说行") if word in page]
    shown = client.post(f"/matches/{match}/contact/need").get_data(as_text=True)
    assert "张桂花" in shown
    assert "13911112222" in shown
    assert "屋顶漏雨" not in shown
    looks = filed.cast.session.query(FilingReveal).all()
    assert [one.shown_to_id for one in looks] == [filed.cast.enterprise.person_id]
    api = client.get(f"/api/v1/matches/{match}").get_data(as_text=True)
    assert not [word for word in SECRETS if word in api]


@pytest.mark.parametrize("agreed", [True, False])
def test_programs_read_the_same_contact_as_the_page(
    cast: Cast, act_as: ActAs, program: MakeProgram, agreed: bool
) -> None:
    filed = filed_scene(cast, act_as, cast.officer, said_so(to_introduce=agreed))
    match = filed.proposed()
    firm = program(cast.enterprise)
    assert firm.post(f"/matches/{match}/contact", {"side": "need"}).status_code == 403
    with filed.act(cast.officer) as act:
        proposing.answer(act, match, Side.NEED, **YES)  # type: ignore[arg-type]  # of several kinds
    with filed.act(cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=True)
    shown = firm.post(f"/matches/{match}/contact", {"side": "need"}).get_json()
    assert shown["name"] == "罗小满"
    behind = {"name": "张桂花", "reach": shown["filed_for"]["reach"]} if agreed else None
    assert shown["filed_for"] == behind
    assert not agreed or "13911112222" in shown["filed_for"]["reach"]
    looks = [one.shown_to_id for one in filed.cast.session.query(FilingReveal)]
    assert looks == ([cast.enterprise.person_id] if agreed else [])
    other = program(cast.officer).post(f"/matches/{match}/contact", {"side": "offer"})
    assert other.get_json()["filed_for"] is None


def test_without_consent_to_be_introduced_only_the_filer_is_reached(
    cast: Cast, act_as: ActAs
) -> None:
    filed = filed_scene(cast, act_as, cast.officer, said_so(to_introduce=False))
    match = introduced(filed)
    with filed.act(cast.enterprise) as act:
        contact = proposing.reveal_contact(act, match, Side.NEED)
        assert contact.name == "罗小满"
        assert villager_behind(act, match, Side.NEED) is None


def test_withdrawn_consent_ends_what_waits_and_shows_nobody(filed: Filed) -> None:
    waiting = filed.proposed()
    with filed.act(filed.cast.officer) as act:
        withdraw_consent(act, filed.filing_id)
    assert filed.match(waiting).state is MatchState.LAPSED


def test_after_the_introduction_withdrawn_consent_keeps_the_name(filed: Filed) -> None:
    match = introduced(filed)
    with filed.act(filed.cast.officer) as act:
        withdraw_consent(act, filed.filing_id)
    with filed.act(filed.cast.enterprise) as act:
        assert villager_behind(act, match, Side.NEED) is None


def test_a_part_of_the_page_that_is_refused_says_why_where_messages_stand(
    filed: Filed, client: FlaskClient
) -> None:
    match = filed.proposed()
    filed.cast.sign_in(client, filed.cast.enterprise)
    with filed.act(filed.cast.officer) as act:
        withdraw_consent(act, filed.filing_id)
    path = f"/matches/{match}/contact/need"
    whole = client.post(path)
    assert whole.status_code == 403
    part = client.post(path, headers={"HX-Request": "true"})
    assert part.status_code == 200, "htmx shows no other answer"
    assert part.headers["HX-Retarget"] == "#flashes"
    assert part.headers["Cache-Control"] == "no-store"
    said = re.search(r"<p>(.+?)</p>", part.text)
    assert said
    assert said[1] in whole.text
    assert "<html" not in part.text
    by_itself = {"HX-Request": "true", "X-Saves-Itself": "1"}
    assert client.post(path, headers=by_itself).status_code == 403


def test_a_photo_of_the_consent_lies_with_the_brokers(
    filed: Filed, client: FlaskClient, session: Session
) -> None:
    match = filed.proposed()
    filed.cast.sign_in(client, filed.cast.officer)
    page = client.get(f"/matches/{match}").get_data(as_text=True)
    assert 'id="proxy-need"' in page
    assert 'id="answer-need"' not in page
    sent = {
        "side": "need", "accept": "yes", "consent": "written", "consent_note": "签了字",
        "photos": (io.BytesIO(photo_bytes()), "a.jpg"),
    }  # fmt: skip
    refused = client.post(f"/matches/{match}/answer", data={"side": "need", "accept": "yes"})
    assert refused.status_code == 422
    assert client.post(f"/matches/{match}/answer", data=sent).status_code == 302
    kept = session.query(MatchFile).one()
    assert kept.is_internal
    picture = session.get_one(StoredFile, kept.file_id).public_id
    filed.cast.sign_in(client, filed.cast.enterprise)
    assert client.get(f"/files/{picture}/full").status_code == 404
    filed.cast.sign_in(client, filed.cast.broker)
    assert client.get(f"/files/{picture}/full").status_code == 200


def test_who_calls_finds_how_to_reach_them_where_they_may_open_it(
    filed: Filed, client: FlaskClient, session: Session
) -> None:
    match = filed.proposed()
    place = f"/proxy/{filed.filing_id}"
    for who in (filed.cast.broker, filed.cast.officer):
        filed.cast.sign_in(client, who)
        page = client.get(f"/matches/{match}").get_data(as_text=True)
        assert page.count('id="answer"') == 1
        assert f'href="{place}"' in page[page.index('id="answer"') :]
        assert "怎么联系到他" in page
        assert not [word for word in SECRETS if word in page]
        assert client.get(place).status_code == 200
    assert not session.query(FilingReveal).all()
    assert "13911112222" in client.post(f"{place}/who").get_data(as_text=True)
    filed.cast.sign_in(client, filed.cast.enterprise)
    assert place not in client.get(f"/matches/{match}").get_data(as_text=True)


def test_a_worker_of_another_place_is_told_whom_to_ask(
    filed: Filed, client: FlaskClient
) -> None:
    match = filed.proposed()
    other = filed.cast.make_worker(
        "周远", "西秀站", PointLevel.STATION, (FIRM_AREA,), Duty.BROKER
    )
    filed.match(match).broker_id = other.person_id
    filed.cast.session.commit()
    filed.cast.sign_in(client, other)
    client.get("/locale/en")
    page = client.get(f"/matches/{match}").get_data(as_text=True)
    assert "know how to reach them: ask there" in page
    place = f"/proxy/{filed.filing_id}"
    assert place not in page
    assert client.get(place).status_code == 404
    assert not [word for word in SECRETS if word in page]


def test_supervisors_see_every_case_and_look_on_record(
    filed: Filed, client: FlaskClient, session: Session
) -> None:
    match = introduced(filed)
    filed.cast.sign_in(client, filed.cast.supervisor)
    page = client.get("/proxy-cases").get_data(as_text=True)
    assert f"/proxy/{filed.filing_id}" in page
    assert f"/matches/{match}" in page
    table = client.get("/proxy-cases.csv").get_data(as_text=True)
    assert table.count("\r\n") == 3
    hidden = (*SECRETS, "当面说行")
    assert not [word for word in hidden if word in page + table]
    entry = session.scalars(sa.select(TimelineEntry.id).filter_by(code=CONSENT_CODE)).one()
    shown = client.post(f"/proxy-cases/{entry}/evidence").get_data(as_text=True)
    assert "当面说行" in shown
    session.rollback()
    events = list(session.scalars(sa.select(AuditEntry.event)))
    assert events.count("ProxyEvidenceShown") == 1
    for asked, cases in (
        ("kind=filed", 1), ("kind=spoke", 1), ("consent=spoken", 2), ("consent=phone", 0),
        ("consent=photo", 0), ("consent=none", 0), ("kind=spoke&consent=none", 0), ("kind=x", 2),
    ):  # fmt: skip
        table = client.get(f"/proxy-cases.csv?{asked}").get_data(as_text=True)
        assert table.count("\r\n") == cases + 1, asked
    filed.cast.sign_in(client, filed.cast.broker)
    assert client.get("/proxy-cases").status_code == 403
    assert client.post(f"/proxy-cases/{entry}/evidence").status_code == 403
    filed.cast.sign_in(client, filed.cast.supervisor)
    for odd in ("0", "99999999", "9" * 30, "x"):
        assert client.post(f"/proxy-cases/{odd}/evidence").status_code == 404


def test_a_supervisor_elsewhere_sees_none(
    filed: Filed, client: FlaskClient, app: Flask, session: Session
) -> None:
    introduced(filed)
    entry = session.scalars(sa.select(TimelineEntry.id).filter_by(code=CONSENT_CODE)).one()
    other = filed.cast.make_worker(
        "周远", "毕节中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR
    )
    filed.cast.sign_in(client, other)
    assert client.get("/proxy-cases.csv").get_data(as_text=True).count("\r\n") == 1
    assert client.post(f"/proxy-cases/{entry}/evidence").status_code == 404


def test_twice_the_cases_take_the_same_number_of_queries(
    filed: Filed, client: FlaskClient, catch_queries: Catch
) -> None:
    def sent() -> tuple[int, int]:
        filed.cast.sign_in(client, filed.cast.supervisor)
        with catch_queries() as queries:
            answer = client.get("/proxy-cases")
        return queries.count, answer.get_data(as_text=True).count("<article")

    introduced(filed)
    client.get("/healthz")
    before, few = sent()
    for _ in range(3):
        with filed.act(filed.cast.officer) as act:
            published(act, title="再要瓦片")
    after, more = sent()
    assert (few, more) == (2, 5)
    assert after == before
