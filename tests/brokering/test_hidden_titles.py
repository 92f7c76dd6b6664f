"""What a need for brokers only is about stays with the brokers until the introduction."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from exchange.listings.kinds import Side, Visibility
from exchange.notifications.models import Notice
from exchange.taxonomy.categories import taxonomy
from tests.brokering.conftest import Scene
from tests.brokering.test_discretion import accept
from tests.cast import STATION_AREA, Player
from tests.factories import make_listing

TITLE = "石大山家小女儿抑郁要心理辅导"
CATEGORY = "services.mental"
PATHS = ("/", "/matches", "/matches/{id}", "/notices", "/me")


@pytest.fixture
def neighbour(scene: Scene) -> Player:
    """A private person whose need only brokers may see; it has no public title."""
    who = scene.cast.make_player("石大山", STATION_AREA)
    need = make_listing(
        scene.cast.house, who, Side.NEED, title=TITLE, visibility=Visibility.BROKERS,
        category_code=CATEGORY, external_id="石家-1",
    )  # fmt: skip
    scene.need_id = need.id
    return who


def kind_of_help() -> str:
    return taxonomy().name(CATEGORY, "zh")


def test_the_other_side_reads_only_what_kind_of_thing_is_needed(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    accept(scene, public_id, neighbour, Side.NEED)
    scene.cast.sign_in(client, scene.cast.enterprise)
    for path in PATHS:
        page = client.get(path.format(id=public_id)).text
        assert TITLE not in page, path
    page = client.get(f"/matches/{public_id}").text
    assert kind_of_help() in page
    assert f"/listings/{scene.listing(Side.NEED).public_id}" not in page


def test_once_introduced_the_other_side_reads_the_true_words(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    accept(scene, public_id, neighbour, Side.NEED)
    accept(scene, public_id, scene.cast.enterprise, Side.OFFER)
    scene.cast.sign_in(client, scene.cast.enterprise)
    assert TITLE in client.get(f"/matches/{public_id}").text


def test_own_side_and_brokers_read_the_true_words(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id = scene.proposed()
    for who in (neighbour, scene.cast.broker, scene.cast.supervisor):
        scene.cast.sign_in(client, who)
        assert TITLE in client.get(f"/matches/{public_id}").text


def test_a_program_of_the_other_side_reads_neither_title_nor_key(
    scene: Scene, neighbour: Player, client: FlaskClient
) -> None:
    public_id, firm = scene.proposed(), scene.cast.enterprise
    with scene.open() as act:
        token = create_token(
            act, firm.person_id, firm.organisation_id, "x", may_write=False, days=1
        ).secret
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(f"/api/v1/matches/{public_id}", headers=headers)
    assert answer.json
    assert answer.json["need"]["external_id"] is None
    for path in (f"/api/v1/matches/{public_id}", "/api/v1/matches"):
        assert "抑郁" not in repr(client.get(path, headers=headers).json)


def test_notices_of_which_mail_is_made_do_not_tell_the_other_side(
    scene: Scene, neighbour: Player
) -> None:
    cast = scene.cast
    public_id = scene.proposed()
    accept(scene, public_id, neighbour, Side.NEED)
    told = cast.session.scalars(
        sa.select(Notice.params).where(Notice.person_id == cast.enterprise.person_id)
    ).all()
    assert told
    assert TITLE not in repr(told)
    assert told[0]["need"] == {"zh": kind_of_help(), "en": taxonomy().name(CATEGORY, "en")}
    [own] = cast.session.scalars(
        sa.select(Notice.params).where(
            Notice.person_id == neighbour.person_id, Notice.code == "match_proposed_to_need"
        )
    )
    assert own["need"]["zh"] == TITLE


def test_notice_reads_as_the_page_for_whoever_acts_for_a_verified_organisation(
    scene: Scene, neighbour: Player
) -> None:
    cast, firm = scene.cast, scene.cast.enterprise
    scene.listing(Side.NEED).visibility = Visibility.VERIFIED
    person = firm.person
    person.acting_organisation_id = next(
        one for one in firm.actor.organisation_ids if one != firm.organisation_id
    )
    cast.session.commit()
    scene.proposed()
    told = cast.session.scalars(
        sa.select(Notice.params).where(Notice.person_id == firm.person_id)
    ).all()
    assert [params["need"]["zh"] for params in told] == [TITLE]
