"""The search page: what is found, by whom, and what is told of the rest."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.models import Organisation
from exchange.discovery.finding import PAGE
from exchange.kernel.act import Act
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.taxonomy.terms import Terms
from tests.cast import CENTRE_AREA, ELSEWHERE, FIRM_AREA, STATION_AREA, VILLAGE, Cast
from tests.discovery.conftest import DirectStage

TITLE = re.compile(r'<h3><a href="/listings/[^"]+">(.*?)</a></h3>')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def titles(client: FlaskClient, address: str) -> list[str]:
    """The titles on a page, without marks."""
    answer = client.get(address)
    assert answer.status_code == 200
    return [re.sub(r"</?mark>", "", title) for title in TITLE.findall(answer.text)]


def test_published_need_is_found(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "韭黄要冷藏车拉到贵阳")
    assert titles(client, "/search?q=冷藏车") == ["韭黄要冷藏车拉到贵阳"]


def test_found_words_are_marked(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "要人", text="烤房坏了两座，想请师傅来修。<b>急</b>")
    page = client.get("/search?q=烤房").text
    assert "<mark>烤房</mark>坏了两座" in page
    assert "&lt;b&gt;急" in page


def test_withdrawn_need_is_gone(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    listing = stage.publish(cast.officer, "韭黄要冷藏车")
    stage.withdraw(listing)
    assert titles(client, "/search?q=冷藏车") == []


def test_changed_title_is_found_by_its_new_words(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    listing = stage.publish(cast.officer, "缺老师")
    stage.change(listing, title="缺兽医")
    assert titles(client, "/search?q=兽医") == ["缺兽医"]
    assert titles(client, "/search?q=老师") == []


def test_listing_is_found_by_the_new_name_of_its_owner(
    client: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> None:
    stage.publish(cast.enterprise, "有车", side=Side.OFFER, serves=("52",))
    owner = cast.enterprise.organisation_id
    with act_as() as act:
        act.session.get_one(Organisation, owner).name_zh = "黄果树物流"
        act.emit(OrganisationChanged(organisation_id=owner, by_person_id=None))
    run_jobs()
    assert titles(client, "/search?q=黄果树物流") == ["有车"]


def test_brokers_only_need_is_neither_found_nor_counted_for_a_stranger(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    without = client.get("/search?q=辅导").text
    stage.publish(cast.officer, "孩子放学要辅导", visibility=Visibility.BROKERS)
    cast.sign_in(client, cast.stranger)
    signed_in = client.get("/search?q=辅导").text
    cast.sign_out(client)
    assert "放学" not in signed_in
    assert _plain(client.get("/search?q=辅导").text) == _plain(without)


def test_brokers_only_need_is_found_by_the_broker_of_the_place(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "孩子放学要辅导", visibility=Visibility.BROKERS)
    cast.sign_in(client, cast.broker)
    assert titles(client, "/search?q=辅导") == ["孩子放学要辅导"]


def test_stale_index_shows_and_counts_nothing_that_was_hidden(
    client: FlaskClient, cast: Cast, stage: DirectStage, session: Session
) -> None:
    without = client.get("/search?q=辅导").text
    stage.publish(cast.officer, "孩子放学要辅导")
    session.execute(sa.update(Listing).values(visibility=Visibility.BROKERS))
    session.commit()
    assert _plain(client.get("/search?q=辅导").text) == _plain(without)


def test_stale_index_shows_no_words_that_were_taken_back(
    client: FlaskClient, cast: Cast, stage: DirectStage, session: Session
) -> None:
    stage.publish(cast.officer, "要人", text="找罗家老三修烤房")
    session.execute(sa.update(Listing).values(text="找人修烤房", title="缺人"))
    session.commit()
    page = client.get("/search?q=烤房").text
    assert "罗家" not in page
    assert "缺人" in page


def test_public_title_stands_for_the_true_words(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(
        cast.officer,
        "罗家两个娃要辅导",
        text="父母都在外",
        public_title="村里要辅导老师",
        visibility=Visibility.VERIFIED,
    )
    cast.sign_in(client, cast.enterprise)
    assert titles(client, "/search?q=辅导") == ["村里要辅导老师"]
    assert titles(client, "/search?q=罗家") == []
    assert titles(client, "/search?q=父母") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("side=offer", {"出冷藏车", "出老师"}),
        ("category=logistics", {"要冷藏车", "出冷藏车"}),
        ("category=talent.teacher", {"出老师"}),
        ("terms=free", {"要冷藏车", "出老师"}),
        ("terms=paid&terms=free", {"要冷藏车", "出冷藏车", "出老师"}),
        (f"division={STATION_AREA}", {"要冷藏车", "出冷藏车"}),
        (f"division={ELSEWHERE}", {"出老师"}),
        (f"division={CENTRE_AREA}&side=need", {"要冷藏车"}),
        ("state=all", {"要冷藏车", "出冷藏车", "出老师", "已经有了"}),
        ("side=nonsense&terms=nonsense&division=nonsense", {"要冷藏车", "出冷藏车", "出老师"}),
    ],
)
def test_filters_narrow_the_answer(
    client: FlaskClient, cast: Cast, stage: DirectStage, query: str, expected: set[str]
) -> None:
    _publish_four(cast, stage)
    assert set(titles(client, f"/search?{query}")) == expected


def _publish_four(cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "要冷藏车", category_code="logistics.coldchain")
    stage.publish(
        cast.enterprise,
        "出冷藏车",
        side=Side.OFFER,
        category_code="logistics.coldchain",
        terms=Terms.PAID,
        serves=(CENTRE_AREA,),
    )
    stage.publish(
        cast.enterprise,
        "出老师",
        side=Side.OFFER,
        category_code="talent.teacher",
        serves=(ELSEWHERE,),
    )
    stage.publish(cast.officer, "已经有了", state=State.FULFILLED)


def test_need_past_its_last_day_is_not_among_the_open_ones(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "昨天截止", to_date=date(2026, 11, 21))
    stage.publish(cast.officer, "今天截止", to_date=date(2026, 11, 22))
    assert titles(client, "/needs") == ["今天截止"]


def test_place_can_be_typed_without_a_script(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "普定的")
    stage.publish(cast.enterprise, "西秀的", division_code=FIRM_AREA)
    assert titles(client, "/search?division=&division_text=普定县") == ["普定的"]
    assert set(titles(client, "/search?division=520422&division_text=")) == {"普定的", "西秀的"}


def test_lists_have_a_fixed_side(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "要车")
    stage.publish(cast.enterprise, "有车", side=Side.OFFER, serves=("52",))
    assert titles(client, "/needs?side=offer") == ["要车"]
    assert titles(client, "/offers") == ["有车"]


def test_paging_keeps_its_place_while_others_publish(
    client: FlaskClient, cast: Cast, stage: DirectStage, clock: Any
) -> None:
    expected = []
    for number in range(PAGE + 5):
        clock.forward(minutes=1)
        expected.insert(0, f"要车 {number}")
        stage.publish(cast.officer, f"要车 {number}")
    first = client.get("/needs?sort=newest")
    following = NEXT.search(first.text)
    assert following is not None
    clock.forward(minutes=1)
    stage.publish(cast.officer, "刚刚发的")
    rest = titles(client, following.group(1).replace("&amp;", "&"))
    assert TITLE.findall(first.text) + rest == expected


def test_cursor_of_another_question_leads_to_the_first_page(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "要车")
    page = client.get("/needs?cursor=nonsense")
    assert page.status_code == 200
    assert "要车" in page.text
    assert "没有用上：页码" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "q=AND+OR+NOT",
        "q=(((",
        "q=*:*",
        "q=%22",
        "q=-",
        "q=%00",
        "q=" + "%E8%BD%A6" * 300,
        "q=title:x~9",
        "q=x&sort=nearest",
        "sort=up&state=maybe",
        "division=9999999999999",
        "division=99",
        "category=a.b.c",
        "terms=&terms=%F0%9F%98%80",
        "cursor=" + "A" * 9000,
        "division_text=%25%27%22",
        "division_text=没有这里",
    ],
)
def test_nonsense_gives_a_page(
    client: FlaskClient, cast: Cast, stage: DirectStage, query: str
) -> None:
    stage.publish(cast.officer, "要车")
    assert client.get(f"/search?{query}").status_code == 200


def test_what_made_no_sense_is_named(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "要车")
    assert "没有用上：类别、排序、地方" in client.get("/needs?category=x&sort=x&division=99").text


def test_partial_answers_say_so(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "韭黄要冷藏车")
    page = client.get("/search?q=冷藏车+拖拉机").text
    assert "韭黄要" in page
    assert "部分符合或意思相近" in page


def test_empty_answer_says_what_to_do_next(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "要车")
    page = client.get("/needs?q=潜水艇&terms=free").text
    assert "没找到" in page
    assert "不限条件再搜" in page


def test_number_of_queries_does_not_grow_with_the_list(
    client: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    catch_queries: Callable[[], AbstractContextManager[Any]],
) -> None:
    for number in range(3):
        stage.publish(cast.officer, f"要车 {number}", division_code=VILLAGE)
        stage.publish(cast.enterprise, f"有车 {number}", side=Side.OFFER, serves=("52",))
    counts = {}
    for round_number in range(2):
        for address in ("/search?q=车", "/needs", "/"):
            client.get(address)
            with catch_queries() as queries:
                client.get(address)
            counts.setdefault(address, []).append(queries.count)
        for number in range(3 * (1 - round_number)):
            stage.publish(cast.officer, f"又要车 {number}")
            stage.publish(cast.enterprise, f"又有车 {number}", side=Side.OFFER, serves=("5204",))
    assert all(first == second for first, second in counts.values()), counts
    assert max(first for first, _ in counts.values()) <= 15


def _plain(page: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r'content="[^"]*"|nonce="[^"]*"', "", page)
