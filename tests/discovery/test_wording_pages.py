"""The console's pages on words: who may open them, what is counted, how a synonym is added."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.jobs.cli import job_run
from exchange.kernel.act import House
from exchange.search.synonyms.models import SynonymGroup
from exchange.search.synonyms.queries import Entry, entries
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tallies.jobs import tally_job
from exchange.search.tallies.models import SearchTally
from exchange.search.tallies.tallying import Count, Noted, tally_of, write_counts
from tests.cast import Cast
from tests.conftest import START, Queries
from tests.discovery.conftest import DirectStage

NOTHING, SYNONYMS = "/console/searches/nothing", "/console/synonyms"
TODAY = START.date()
Tell = Callable[..., None]


@pytest.fixture
def tell(engine: sa.Engine) -> Tell:
    """``tell(words, asked, unmet)`` puts counts into the tally."""

    def told(words: str, asked: int = 3, unmet: int = 3, locale: str = "zh") -> None:
        write_counts(engine, {Noted(TODAY, words, "", locale): Count(asked, unmet)})

    return told


@pytest.fixture
def console(client: FlaskClient, cast: Cast) -> FlaskClient:
    """A browser in which the operator is signed in."""
    cast.sign_in(client, cast.operator)
    return client


def counted(house: House, session: Session) -> list[tuple[str, str, int, int]]:
    tally_of(house).flush()
    session.rollback()
    found = session.scalars(sa.select(SearchTally).order_by(SearchTally.words))
    return [(one.words, one.side, one.asked, one.unmet) for one in found]


def shipped(session: Session, word: str) -> Entry:
    session.rollback()
    return next(one for one in entries(session) if one.group.words[0] == word)


@pytest.mark.parametrize(
    "address", ["/console", NOTHING, "/console/searches/frequent", SYNONYMS, f"{SYNONYMS}/new"]
)
def test_only_operators_open_the_console(client: FlaskClient, cast: Cast, address: str) -> None:
    assert client.get(address).status_code in (302, 401)
    for who in (cast.officer, cast.supervisor):
        cast.sign_in(client, who)
        assert client.get(address).status_code == 403
        assert 'href="/console"' not in client.get("/me").text
    cast.sign_in(client, cast.operator)
    assert client.get(address).status_code == 200
    assert 'href="/console"' in client.get("/me").text


def test_a_stranger_changes_no_synonyms(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.sign_in(client, cast.stranger)
    body = {"term": "漏雨", "words": "修房子", "direction": "both"}
    for address in (NOTHING, f"{SYNONYMS}/new"):
        assert client.post(address, data=body).status_code == 403
    assert session.scalars(sa.select(SynonymGroup)).all() == []


def test_searches_are_counted_once_by_page_list_and_program(
    client: FlaskClient, cast: Cast, stage: DirectStage, house: House, session: Session
) -> None:
    stage.publish(cast.officer, "韭黄要冷藏车")
    for address in (
        "/search?q=冷藏车", "/needs?q=冷藏車", "/api/v1/listings?q=冷藏车", "/search?q=望远镜",
        "/search?q=冷藏车&sort=newest", "/search?q=冷藏车&cursor=x1", "/search", "/needs",
        "/search?q=冷藏车&category=funds.loan", "/search?q=13912345678",
        "/search?q=罗小满 139-1234-5678",
    ):  # fmt: skip
        assert client.get(address).status_code == 200
    cast.sign_in(client, cast.operator)
    client.get("/search?q=望远镜")
    assert counted(house, session) == [
        ("冷藏车", "", 3, 0), ("冷藏车", "need", 1, 0), ("望远镜", "", 1, 1),
    ]  # fmt: skip


def test_a_search_writes_nothing_itself(
    client: FlaskClient,
    stage: DirectStage,
    session: Session,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    with catch_queries() as queries:
        assert client.get("/search?q=望远镜").status_code == 200
    assert queries.statements
    assert [
        one for one in queries.statements if re.match("INSERT|UPDATE|DELETE|BEGIN I", one)
    ] == []
    assert session.scalars(sa.select(SearchTally)).all() == []


def test_fruitless_searches_are_listed_with_language_and_way(
    console: FlaskClient, tell: Tell
) -> None:
    tell("望远镜", 9, 7)
    tell("telescope", 2, 2, "en")
    tell("冷藏车", 5, 0)
    page = console.get(NOTHING).text
    assert "冷藏车" not in page
    assert page.index("望远镜") < page.index("telescope")
    assert re.search(r"7 次.*中文页面", page)
    assert 'href="/search?q=%E6%9C%9B%E8%BF%9C%E9%95%9C"' in page
    assert console.get(f"{NOTHING}?days=7").status_code == 200


def test_a_synonym_is_added_on_the_spot_and_its_results_are_told(
    console: FlaskClient,
    cast: Cast,
    stage: DirectStage,
    tell: Tell,
    house: House,
    session: Session,
) -> None:
    stage.publish(cast.officer, "要一副双筒镜看林")
    tell("望远镜")
    body = {"term": "望远镜", "words": "千里眼、双筒镜"}
    answer = console.post(NOTHING, data=body, follow_redirects=True)
    assert answer.status_code == 200
    assert "现在有 1 条信息带“望远镜”或它的同义词" in answer.text
    assert "已有同义词：望远镜 = 千里眼、双筒镜" in answer.text
    assert synonyms_of(house).others("千里眼") == ("望远镜", "双筒镜")
    row = session.scalars(sa.select(SynonymGroup)).one()
    assert (row.words, row.one_way) == (["望远镜", "千里眼", "双筒镜"], False)
    assert "SynonymsAdded" in set(session.scalars(sa.select(AuditEntry.event)))


def test_what_was_typed_stays_beside_its_search_when_refused(
    console: FlaskClient, tell: Tell, session: Session
) -> None:
    tell("望远镜")
    tell("茶青")
    body = {"term": "望远镜", "words": "望远镜，！！", "one_way": "y"}
    answer = console.post(NOTHING, data=body)
    assert answer.status_code == 422
    assert answer.text.count('<details class="more" open>') == 1
    assert 'value="望远镜，！！"' in answer.text
    assert "写了两次" in answer.text
    assert session.scalars(sa.select(SynonymGroup)).all() == []
    gone = console.post(NOTHING, data={"term": "不在页上", "words": ""})
    assert gone.status_code == 422
    assert "不在页上" in gone.text


def test_groups_are_added_filtered_changed_switched_and_deleted(
    console: FlaskClient, session: Session, house: House
) -> None:
    new = {"words": "望远镜、千里眼", "direction": "both"}
    assert console.post(f"{SYNONYMS}/new", data=new).status_code == 302
    page = console.get(f"{SYNONYMS}?q=千里眼").text
    reference = session.scalars(sa.select(SynonymGroup.public_id)).one()
    assert f"{SYNONYMS}/{reference}" in page
    assert "共 1 组" in page
    body = {"words": "望远镜, 双筒镜", "direction": "first", "version": "1"}
    assert console.post(f"{SYNONYMS}/{reference}", data=body).status_code == 302
    assert synonyms_of(house).others("双筒镜") == ()
    assert synonyms_of(house).others("望远镜") == ("双筒镜",)
    console.post(f"{SYNONYMS}/{reference}/switch/off", data={"version": "2"})
    assert synonyms_of(house).others("望远镜") == ()
    assert "望远镜" in console.get(f"{SYNONYMS}?show=off").text
    answer = console.post(f"{SYNONYMS}/{reference}/delete", data={"version": "3", "show": "off"})
    assert answer.location == f"{SYNONYMS}?show=off"
    session.rollback()
    assert session.scalars(sa.select(SynonymGroup)).all() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "这里要填"),
        ("独词", "请填 2 到 12 个词"),
        ("词甲、词甲", "写了两次"),
        ("长" * 31 + "、短词", "太长了"),
        ("玉米、" + "苞谷 包谷 苞米 玉蜀黍 corn, maize", "已经有一组"),
        ("词、" * 400, "600"),
    ],
)
def test_a_refused_group_comes_back_with_its_reason(
    console: FlaskClient, words: str, said: str
) -> None:
    answer = console.post(f"{SYNONYMS}/new", data={"words": words, "direction": "both"})
    assert answer.status_code == 422
    assert said in answer.text
    assert words[:20] in answer.text


def test_of_two_at_once_the_second_sees_what_the_first_made_of_it(
    console: FlaskClient, session: Session
) -> None:
    corn = shipped(session, "玉米")
    address = f"{SYNONYMS}/{corn.reference}"
    first = {"words": "玉米、苞谷", "direction": "both", "version": "0"}
    second = {"words": "玉米、包谷", "direction": "both", "version": "0"}
    assert console.post(address, data=first).status_code == 302
    answer = console.post(address, data=second)
    assert answer.status_code == 422
    assert "刚才有别人改了这一组" in answer.text
    assert "玉米、苞谷" in answer.text
    assert "玉米、包谷</textarea>" in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert console.post(address, data={**second, "version": version[1]}).status_code == 302
    assert shipped(session, "玉米").group.words == ("玉米", "包谷")
    late = console.post(f"{address}/switch/off", data={"version": "1"}, follow_redirects=True)
    assert "刚才有别人改了这一组" in late.text


def test_a_group_that_is_gone_is_not_found_but_what_was_typed_stays(
    console: FlaskClient,
) -> None:
    assert console.get(f"{SYNONYMS}/gone23456").status_code == 404
    assert console.get(f"{SYNONYMS}/s-%00%ff").status_code == 404
    body = {"words": "望远镜、千里眼", "direction": "both", "version": "4"}
    answer = console.post(f"{SYNONYMS}/gone23456", data=body)
    assert answer.status_code == 422
    assert "刚才有别人删掉了这一组" in answer.text
    assert f'action="{SYNONYMS}/new"' in answer.text
    assert "望远镜、千里眼</textarea>" in answer.text


def test_frequent_searches_are_listed(app: Flask, console: FlaskClient, tell: Tell) -> None:
    tell("冷藏车", 12, 1)
    with app.app_context():
        tally_job.handler(job_run(app), [{}])
    assert re.search(
        r"冷藏车</a></td><td class=\"num\">12<", console.get("/console/searches/frequent").text
    )


def test_pages_hold_fifty(console: FlaskClient, tell: Tell, engine: sa.Engine) -> None:
    counts = {Noted(TODAY, f"词{at}号", "", "zh"): Count(1, 1) for at in range(53)}
    write_counts(engine, counts)
    first, second = console.get(NOTHING).text, console.get(f"{NOTHING}?page=2").text
    assert (first.count("<article"), second.count("<article")) == (50, 3)
    assert console.get(SYNONYMS).text.count("<article") == 50
    for page in ("0", "-1", "x", "9" * 30):
        assert console.get(f"{SYNONYMS}?page={page}").status_code == 200


def test_twice_the_rows_take_the_same_number_of_queries(
    console: FlaskClient,
    tell: Tell,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    def sent() -> tuple[int, ...]:
        numbers = []
        for address in (NOTHING, SYNONYMS):
            with catch_queries() as queries:
                assert console.get(address).status_code == 200
            numbers.append(queries.count)
        return tuple(numbers)

    tell("望远镜")
    console.get(NOTHING)
    before = sent()
    for at in range(4):
        tell(f"望远镜{at}号")
        body = {"words": f"甲词{at}、乙词{at}", "direction": "both"}
        console.post(f"{SYNONYMS}/new", data=body, follow_redirects=True)
    console.get(NOTHING)
    assert sent() == before


def test_synonyms_travel_in_files(app: Flask, console: FlaskClient, tmp_path: Path) -> None:
    console.post(f"{SYNONYMS}/new", data={"words": "望远镜、千里眼", "direction": "first"})
    run = app.test_cli_runner()
    file = tmp_path / "own.txt"
    exported = run.invoke(args=["exchange", "search", "synonyms", "export", str(file)])
    assert exported.output == "1 groups\n"
    assert file.read_text(encoding="utf-8").splitlines()[-1] == "望远镜 => 千里眼"
    with file.open("a", encoding="utf-8") as more:
        more.write("- 玉米 | 苞谷\n")
    imported = run.invoke(args=["exchange", "search", "synonyms", "import", str(file)])
    assert imported.output == "0 added, 0 changed, 1 switched, 1 the same\n"
    file.write_text("望远镜\n", encoding="utf-8")
    wrong = run.invoke(args=["exchange", "search", "synonyms", "import", str(file)])
    assert wrong.exit_code == 1
    assert "line 1: a group has 2 to 12 words" in wrong.output
    file.write_bytes(b"\xff\xfe\xff")
    assert run.invoke(args=["exchange", "search", "synonyms", "import", str(file)]).exit_code == 1
    everything = tmp_path / "all.txt"
    run.invoke(args=["exchange", "search", "synonyms", "export", "--all", str(everything)])
    assert "- 玉米 | 苞谷" in everything.read_text(encoding="utf-8")
