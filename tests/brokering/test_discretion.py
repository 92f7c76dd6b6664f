"""What the two sides learn of each other before both have said yes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership
from exchange.accounts.tokens.service import create_token
from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.life import proposing
from exchange.kernel.actor import Role
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.cast import STATION_AREA, Player
from tests.factories import make_listing

TRUE_TITLE = "罗家小儿子要轮椅"
PUBLIC_TITLE = "一个家庭要轮椅"


@pytest.fixture
def neighbour(scene: Scene) -> Player:
    """A private person with a need whose title is coarser for the public."""
    who = scene.cast.make_player("石大山", STATION_AREA)
    need = make_listing(
        scene.cast.house, who, Side.NEED, title=TRUE_TITLE, public_title=PUBLIC_TITLE
    )
    scene.need_id = need.id
    return who


def accept(scene: Scene, public_id: str, who: Player, side: Side) -> None:
    with scene.act(who) as act:
        proposing.answer(act, public_id, side, accept=True)


def test_a_private_person_is_masked_for_the_other_side_until_introduced(
    scene: Scene, neighbour: Player, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    public_id = scene.proposed()
    accept(scene, public_id, neighbour, Side.NEED)
    scene.cast.sign_in(client, scene.cast.enterprise)
    for path in (f"/matches/{public_id}", "/matches", "/", "/notices"):
        page = client.get(path).text
        assert PUBLIC_TITLE in page or path == "/notices"
        assert TRUE_TITLE not in page, path
        assert "石大山" not in page, path
    assert "石**" in client.get(f"/matches/{public_id}").text
    accept(scene, public_id, scene.cast.enterprise, Side.OFFER)
    assert "石大山" in client.get(f"/matches/{public_id}").text
    run_jobs()


def test_own_side_and_broker_read_the_whole(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    for who in (neighbour, scene.cast.broker):
        scene.cast.sign_in(client, who)
        page = client.get(f"/matches/{public_id}").text
        assert TRUE_TITLE in page
        assert "石大山" in page


def test_a_program_of_the_other_side_reads_masked_names(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    accept(scene, public_id, neighbour, Side.NEED)
    firm = scene.cast.enterprise
    ids = firm.person_id, firm.organisation_id
    with scene.open() as act:
        token = create_token(act, *ids, "x", may_write=False, days=1).secret
    answer = client.get(
        f"/api/v1/matches/{public_id}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    assert "石大山" not in answer.text
    assert TRUE_TITLE not in answer.text


def test_who_has_left_hears_nothing_and_is_nobodys_contact(scene: Scene) -> None:
    cast = scene.cast
    committee = cast.officer.organisation
    successor = cast.make_player("韦小春", STATION_AREA, committee, Role.MANAGER)
    public_id = scene.proposed()
    accept(scene, public_id, cast.officer, Side.NEED)
    cast.session.execute(
        sa.update(Membership)
        .where(
            Membership.person_id == cast.officer.person_id,
            Membership.organisation_id == committee.id,
        )
        .values(state=MembershipState.ENDED)
    )
    cast.session.commit()
    accept(scene, public_id, cast.enterprise, Side.OFFER)
    with scene.act(cast.enterprise) as act:
        assert proposing.reveal_contact(act, public_id, Side.NEED).name == "韦小春"
    told = cast.session.scalars(
        sa.select(Notice.person_id).where(Notice.code == "match_introduced")
    ).all()
    assert successor.person_id in told
    assert cast.officer.person_id not in told


def test_a_supervisor_who_proposes_does_not_answer_for_their_own_side(scene: Scene) -> None:
    public_id = scene.claimed()
    own = frozenset({scene.cast.officer.organisation_id})
    supervisor = replace(scene.cast.supervisor.actor, organisation_ids=own)
    with scene.act(supervisor) as act:
        proposing.propose(act, public_id, "请看看")
    with pytest.raises(Invalid) as refused, scene.act(supervisor) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    assert refused.value.fields["consent"] == ["match_proxy_needs_consent"]
    with scene.act(supervisor) as act:
        match = proposing.answer(
            act, public_id, Side.NEED, accept=True, consent=ProxyConsent.SPOKEN,
            consent_note="当面说好",
        )  # fmt: skip
        assert match.side(Side.NEED).proxy_note == "当面说好"


def test_contact_data_does_not_slip_through_before_the_introduction(scene: Scene) -> None:
    public_id = scene.claimed()
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        proposing.propose(act, public_id, "打他电话 13812345678")
    with scene.act(scene.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    with pytest.raises(Invalid) as refused, scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True, note="直接打 13812345678")
    assert refused.value.fields == {"note": ["contact_in_text"]}
