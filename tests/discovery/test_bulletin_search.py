"""Bulletins that have come out are found in the one search, with an index and without."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.discovery.bulletins.models import Bulletin
from exchange.discovery.bulletins.service import send_back
from exchange.search.wiring import search_index
from tests.cast import STATION_AREA
from tests.discovery.bulletin_scene import Desk
from tests.discovery.test_without_index import HARMS, Harm

HEADLINE, WORDS = "春耕前还缺旋耕机", "这周来了两条新需求，都要旋耕机。"


def found(client: FlaskClient, address: str, public_id: str) -> bool:
    page = client.get(address)
    assert page.status_code == 200
    return f"/bulletins/{public_id}" in page.text


def edited(desk: Desk) -> str:
    """The issue of Monday with its editor's words, not approved yet."""
    desk.opened(editor=desk.cast.broker)
    public_id = desk.composed()
    desk.session.execute(
        sa.update(Bulletin).values(headline_zh=HEADLINE, introduction_zh=WORDS)
    )
    desk.session.commit()
    return public_id


def test_an_issue_is_found_once_it_has_come_out_and_until_it_is_taken_down(
    desk: Desk, client: FlaskClient
) -> None:
    public_id = edited(desk)
    desk.jobs()
    address = "/search/bulletins?q=旋耕机"
    assert not found(client, address, public_id)
    desk.approved()
    assert found(client, address, public_id)
    assert found(client, "/search/bulletins?q=普定 简报", public_id)
    assert "/search/bulletins?q=" in client.get(f"/search?q={HEADLINE}").text
    everything = client.get(f"/search?q={HEADLINE}").text
    assert f'href="/bulletins/{public_id}"' in everything.partition("正好有这几个字的")[2]
    assert "没找到<" not in everything
    assert not found(client, f"/search/activities?q={HEADLINE}", public_id)
    assert found(client, f"{address}&division={STATION_AREA}", public_id)
    assert not found(client, f"{address}&division=520403", public_id)
    with desk.open(desk.cast.supervisor.actor) as act:
        send_back(act, public_id, "还要改")
    desk.jobs()
    assert not found(client, address, public_id)


def test_an_issue_without_the_editors_words_is_found_by_its_place(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    public_id = desk.published()
    assert found(client, "/search/bulletins?q=普定县", public_id)


@pytest.mark.parametrize("harm", HARMS)
def test_without_the_index_the_words_are_looked_for_in_what_came_out(
    desk: Desk, client: FlaskClient, harm: Harm
) -> None:
    public_id = edited(desk)
    desk.approved()
    search_index(desk.house).close()
    with desk.cast.app.app_context():
        harm(desk.house)
    assert found(client, "/search/bulletins?q=旋耕机", public_id)
    assert not found(client, "/search/bulletins?q=冷链车", public_id)


def test_nothing_found_says_so_and_leads_on(client: FlaskClient, desk: Desk) -> None:
    page = client.get("/search/bulletins?q=没有的词").text
    assert "没找到简报" in page
    assert 'href="/bulletins"' in page
