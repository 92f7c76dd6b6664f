"""The broker's desk, and what brokering puts on the page of a listing."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from exchange.brokering.kinds import CloseReason, MatchState
from exchange.brokering.life import closing, proposing
from exchange.brokering.models import Match
from exchange.listings.kinds import Side
from exchange.matching.jobs import request_matching
from tests.brokering.conftest import Scene
from tests.brokering.test_match_page import Page, evaluated
from tests.cast import ELSEWHERE, Player
from tests.factories import make_listing

RunJobs = Callable[[], int]


@pytest.fixture
def suggested(scene: Scene, run_jobs: RunJobs) -> Scene:
    """The pair stands in the queue."""
    with scene.open() as act:
        for side in Side:
            request_matching(act, scene.listing(side).id)
    run_jobs()
    return scene


def page_of(scene: Scene, client: FlaskClient, who: Player, side: Side) -> str:
    scene.cast.sign_in(client, who)
    return client.get(f"/listings/{scene.listing(side).public_id}").text


def pair_of(scene: Scene) -> dict[str, str]:
    return {side.value: scene.listing(side).public_id for side in Side}


@pytest.mark.parametrize("side", list(Side))
def test_broker_takes_a_pair_up_from_the_page_of_either_listing(
    suggested: Scene, client: FlaskClient, side: Side
) -> None:
    page = page_of(suggested, client, suggested.cast.broker, side)
    assert 'action="/matches"' in page
    for name, value in pair_of(suggested).items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    made = client.post("/matches", data=pair_of(suggested))
    assert client.get(made.headers["Location"]).status_code == 200


def test_owners_take_up_nothing(suggested: Scene, client: FlaskClient) -> None:
    for who, side in ((suggested.cast.officer, Side.NEED), (suggested.cast.enterprise, Side.OFFER)):
        page = page_of(suggested, client, who, side)
        assert 'id="suggestions-title"' in page
        assert 'action="/matches"' not in page


def test_pair_in_hand_is_named_as_such_and_not_suggested_again(
    suggested: Scene, client: FlaskClient
) -> None:
    cast, offer_title = suggested.cast, suggested.listing(Side.OFFER).title
    public_id = suggested.claimed()
    page = page_of(suggested, client, cast.broker, Side.NEED)
    assert page.count(offer_title) == 1
    assert "正在对接" in page
    assert f"/matches/{public_id}" in page
    assert "正在对接" not in page_of(suggested, client, cast.officer, Side.NEED)
    with suggested.act(cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.TIME)
    public_id = suggested.proposed()
    assert f"/matches/{public_id}" in page_of(suggested, client, cast.officer, Side.NEED)
    assert "正在对接" not in page_of(suggested, client, cast.stranger, Side.NEED)


def test_pair_whose_file_is_closed_does_not_come_back_to_the_desk(
    suggested: Scene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    title = suggested.listing(Side.NEED).title
    suggested.cast.sign_in(client, suggested.cast.broker)
    assert title in client.get("/today").text
    evaluated(suggested)
    run_jobs()
    assert title not in client.get("/today").text.partition("g-pairs")[2].partition("g-waiting")[0]


def test_claimed_pair_shows_its_score_and_reasons(suggested: Scene, client: FlaskClient) -> None:
    public_id = suggested.claimed()
    suggested.cast.sign_in(client, suggested.cast.broker)
    page = client.get(f"/matches/{public_id}").text
    assert "为什么推荐" in page
    assert '<ul class="reasons">' in page
    assert 'class="ring"' in page
    with suggested.act(suggested.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    suggested.cast.sign_in(client, suggested.cast.officer)
    assert "为什么推荐" not in client.get(f"/matches/{public_id}").text


def test_heading_counts_what_is_to_be_done_and_no_suggestions(
    suggested: Scene, client: FlaskClient
) -> None:
    suggested.cast.sign_in(client, suggested.cast.broker)
    assert "<h1>今天没有急事</h1>" in client.get("/today").text
    suggested.claimed()
    assert "<h1>今天要做的 1 件事</h1>" in client.get("/today").text


def test_reasons_unfold_below_the_chosen_line_on_a_phone(
    suggested: Scene, client: FlaskClient
) -> None:
    suggested.cast.sign_in(client, suggested.cast.broker)
    page = Page(client.get("/today").text)
    assert "chosen" in page.ids
    assert page.text.count('<ul class="reasons">') == 2  # one of them on either width
    assert [one for one, count in Counter(page.ids).items() if count > 1] == []


def test_dismissal_needs_a_reason(suggested: Scene, client: FlaskClient) -> None:
    suggested.cast.sign_in(client, suggested.cast.broker)
    assert (
        '<option value="">请选择</option><option value="wrong_thing">' in client.get("/today").text
    )
    for reason in ({}, {"reason": ""}, {"reason": "nonsense"}):
        refused = client.post(
            "/today/dismiss", data=pair_of(suggested) | reason, follow_redirects=True
        )
        assert "请选一个不合适的原因" in refused.text
    done = client.post("/today/dismiss", data=pair_of(suggested) | {"reason": "too_far"})
    assert urlsplit(done.location).path == "/today"


def test_a_note_that_is_refused_stays(suggested: Scene, client: FlaskClient) -> None:
    suggested.cast.sign_in(client, suggested.cast.broker)
    for sent, said in (
        ({"note": "路太远，拖拉机上不去"}, "请选一个不合适的原因"),
        ({"note": "路太远，先打款到 6222021234567890123", "reason": "too_far"}, ""),
    ):
        refused = client.post("/today/dismiss", data=pair_of(suggested) | sent)
        assert refused.status_code == 422
        assert refused.text.count(f'value="{sent["note"]}"') == 2  # beside the list, below the line
        assert said in refused.text
        assert '<details class="more" open>' in refused.text
    assert suggested.cast.session.query(Match).count() == 0


def test_ending_needs_a_reason_that_was_chosen(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    assert client.post(f"/matches/{public_id}/withdraw", data={"reason": ""}).status_code == 422
    assert scene.match(public_id).state is MatchState.PROPOSED


def test_private_person_from_elsewhere_is_somebody_in_the_queue(
    scene: Scene, client: FlaskClient, run_jobs: RunJobs
) -> None:
    volunteer = scene.cast.make_player("在山", ELSEWHERE)
    offer = make_listing(scene.cast.house, volunteer, Side.OFFER)
    with scene.open() as act:
        for listing_id in (offer.id, scene.need_id):
            request_matching(act, listing_id)
    run_jobs()
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get("/today").text
    assert "〜 一位志愿者" in page
    assert "→ 在**" not in page
