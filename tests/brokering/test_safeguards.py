"""Nobody is introduced to people who need protection before the giver is verified and who comes
is checked: on the pages, by programs, and whatever changes in between.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.audit.models import AuditEntry
from exchange.brokering.kinds import CheckKind, MatchState
from exchange.brokering.life import proposing
from exchange.brokering.life.safeguarding import record_check
from exchange.brokering.models import MatchCheck
from exchange.brokering.rules import CHECKED_WITHIN, is_safe
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.brokering.conftest import Scene
from tests.conftest import START

TODAY = START.date()
SEEN = {"kind": "no_record", "seen_on": TODAY.isoformat(), "note": "两名老师，证明看过"}


@pytest.fixture
def care(scene: Scene) -> Scene:
    """The need is for children, the offer brings people to them."""
    return asking(scene, "services.children", "volunteers.longterm")


def asking(scene: Scene, asked: str, given: str) -> Scene:
    session = scene.cast.session
    for listing_id, category in ((scene.need_id, asked), (scene.offer_id, given)):
        where = sa.update(Listing).where(Listing.id == listing_id)
        session.execute(where.values(category_code=category))
    session.commit()
    return scene


def put_on_record(scene: Scene, public_id: str, **given) -> None:
    with scene.act(scene.cast.broker) as act:
        record_check(act, public_id, **{"kind": CheckKind.BAN_QUERY, "seen_on": TODAY} | given)


def test_both_sides_are_asked_only_when_both_are_on_record(care: Scene) -> None:
    public_id = care.claimed()
    with pytest.raises(Conflict, match="safeguard_not_checked"), care.act(care.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    assert care.match(public_id).state is MatchState.CLAIMED
    put_on_record(care, public_id)
    with care.act(care.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    assert care.match(public_id).state is MatchState.PROPOSED
    entry = care.cast.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "MatchChecked")
    ).one()
    assert entry.details["kind"] == "ban_query"


def test_a_giver_that_is_not_verified_is_not_introduced(care: Scene) -> None:
    public_id = care.claimed()
    put_on_record(care, public_id)
    session = care.cast.session
    owner = session.get_one(Listing, care.offer_id).organisation_id
    unverified = sa.update(Organisation).where(Organisation.id == owner)
    session.execute(unverified.values(verification=Verification.UNVERIFIED))
    session.commit()
    with pytest.raises(Conflict, match="safeguard_not_verified"), care.act(care.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")


def test_a_yes_waits_where_the_need_came_to_be_for_children_meanwhile(scene: Scene) -> None:
    asking(scene, "services.culture", "services.culture")
    public_id = scene.proposed()
    asking(scene, "services.children", "services.culture")
    with pytest.raises(Conflict, match="safeguard_not_checked"), scene.act(scene.cast.officer) as a:
        proposing.answer(a, public_id, Side.NEED, accept=True)
    put_on_record(scene, public_id)
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    assert scene.match(public_id).state is MatchState.INTRODUCED


def test_a_check_is_the_brokers_and_of_a_sensible_day(care: Scene) -> None:
    public_id = care.claimed()
    for who, error in ((care.cast.enterprise, NotFound), (care.cast.stranger, NotFound)):
        with pytest.raises((error, Forbidden)), care.act(who) as act:
            record_check(act, public_id, CheckKind.NO_RECORD, TODAY)
    for day in (TODAY + timedelta(days=1), TODAY - CHECKED_WITHIN - timedelta(days=1)):
        with pytest.raises(Invalid):
            put_on_record(care, public_id, seen_on=day)
    put_on_record(care, public_id)
    put_on_record(care, public_id, kind=CheckKind.LICENCE, note="医生两名")
    kept = care.cast.session.scalars(sa.select(MatchCheck)).one()
    assert (kept.kind, kept.note) == (CheckKind.LICENCE, "医生两名")


def test_other_pairs_ask_for_nothing(scene: Scene) -> None:
    public_id = scene.claimed()
    with pytest.raises(Conflict, match="safeguard_not_needed"):
        put_on_record(scene, public_id)


def test_an_old_check_does_not_count() -> None:
    old = TODAY - CHECKED_WITHIN - timedelta(days=1)
    known = {"is_needed": True, "is_verified": True, "today": TODAY}
    assert is_safe(checked_on=TODAY - CHECKED_WITHIN, **known)
    assert is_safe(checked_on=old, **known).code == "safeguard_not_checked"


def test_the_page_asks_for_the_check_first(care: Scene, client: FlaskClient) -> None:
    public_id = care.claimed()
    page = f"/matches/{public_id}"
    care.cast.sign_in(client, care.cast.broker)
    assert "还没有登记对来人的核查" in client.get(page).text
    refused = client.post(f"{page}/propose", data={"message": "请看看这一对"})
    assert refused.status_code == 422
    assert "要先登记对来人的核查" in refused.text
    assert "请看看这一对" in refused.text
    empty = client.post(f"{page}/check", data={"note": "两名老师"})
    assert (empty.status_code, "两名老师" in empty.text) == (422, True)
    assert "请选您核查了什么" in empty.text
    future = client.post(f"{page}/check", data=SEEN | {"seen_on": "2031-01-01"})
    assert (future.status_code, "这一天还没到" in future.text) == (422, True)
    assert client.post(f"{page}/check", data=SEEN).status_code == 302
    shown = client.get(page).text
    assert "无犯罪记录证明" in shown
    assert "两名老师，证明看过" in shown
    assert client.post(f"{page}/propose", data={"message": "请看看"}).status_code == 302
    care.cast.sign_in(client, care.cast.officer)
    assert "两名老师" not in client.get(page).text
