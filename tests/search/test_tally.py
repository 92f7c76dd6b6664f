"""Counting searches: what is never kept, what is added up, what is suggested, what goes."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.jobs.cli import job_run
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.search.tallies import tallying
from exchange.search.tallies.jobs import tally_job
from exchange.search.tallies.models import FrequentSearch, SearchTally
from exchange.search.tallies.queries import Fruitless, frequent_queries, fruitless
from exchange.search.tallies.rules import countable
from exchange.search.tallies.tallying import (
    Count,
    Noted,
    TallyBuffer,
    note_search,
    tally_of,
    write_counts,
)
from exchange.search.wiring import shared_analyzer
from tests.conftest import START, SettableClock

TODAY = civil_date(START)
SECRET = (
    "13912345678", "张三 139 1234 5678", "一三九一二三四五六七八", "①③⑨①②③④⑤⑥⑦⑧",
    "52042219900307123X", "520422199003071233", "微信 xiaoman1990", "加v mountain_tea",
    "luo@example.org", "luo＠example.org", "6222020200112233445", "0851-36221234", "3622123",
    "9152042233", "卡号 6222 0202", "QQ 3344556", "长" * 61, "", " \t",
)  # fmt: skip
PLAIN = ("冷藏车 5 吨", "2026 年春茶", "200 亩烤烟", "cold truck", "十二头牛", "三千斤茶")


def rows(session: Session) -> list[tuple[str, str, str, int, int]]:
    session.rollback()
    found = session.scalars(sa.select(SearchTally).order_by(SearchTally.day, SearchTally.words))
    return [(one.words, one.side, one.locale, one.asked, one.unmet) for one in found]


@pytest.mark.parametrize("text", SECRET)
def test_what_may_be_of_a_person_is_not_counted(text: str) -> None:
    assert countable(text, shared_analyzer().normalize) is None


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_counted(text: str) -> None:
    assert countable(text, shared_analyzer().normalize) == text


def test_words_are_kept_normalised() -> None:
    assert countable(" ＣＯＬＤ  Truck 電商 ", shared_analyzer().normalize) == "cold truck 电商"


def test_searches_are_added_up_and_hold_nothing_else(house: House, session: Session) -> None:
    for text, found in (("冷藏车", 3), ("冷藏車", 0), ("13912345678", 0), ("冷藏车", 1)):
        note_search(house, text, "need", "zh", found)
    note_search(house, "cold truck", "", "en", 0)
    assert rows(session) == []
    tally_of(house).flush()
    assert rows(session) == [("cold truck", "", "en", 1, 1), ("冷藏车", "need", "zh", 3, 1)]
    note_search(house, "冷藏车", "need", "zh", 0)
    tally_of(house).flush()
    assert rows(session)[1] == ("冷藏车", "need", "zh", 4, 2)
    columns = {column.name for column in SearchTally.__table__.columns}
    assert columns == {"day", "words", "side", "locale", "asked", "unmet"}


def test_a_day_is_the_civil_day_of_the_house(
    house: House, session: Session, clock: SettableClock
) -> None:
    clock.set(START.replace(hour=16, minute=30))  # past midnight in Shanghai
    note_search(house, "茶", "", "zh", 1)
    tally_of(house).flush()
    assert session.scalars(sa.select(SearchTally.day)).one() == TODAY + timedelta(days=1)


def test_a_database_in_trouble_costs_no_search_and_no_count() -> None:
    written: list[Mapping[Noted, Count]] = []
    broken = True

    def write(counts: Mapping[Noted, Count]) -> None:
        if broken:
            raise OSError("the disk is full")
        written.append(dict(counts))

    buffer = TallyBuffer(write, seconds=1e6)
    noted = Noted(TODAY, "茶", "", "zh")
    buffer.note(noted, 0)
    buffer.flush()
    broken = False
    buffer.note(noted, 2)
    buffer.flush()
    buffer.close()
    assert written == [{noted: Count(2, 1)}]


def test_counts_are_written_in_a_thread_of_its_own() -> None:
    done = threading.Event()
    threads: list[str] = []

    def write(_counts: Mapping[Noted, Count]) -> None:
        threads.append(threading.current_thread().name)
        done.set()

    TallyBuffer(write, seconds=0.01).note(Noted(TODAY, "茶", "", "zh"), 1)
    assert done.wait(10)
    assert threads != [threading.current_thread().name]


def test_many_are_written_at_once_and_too_many_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallying, "MANY", 3)
    monkeypatch.setattr(tallying, "TOO_MANY", 4)
    done = threading.Event()
    hold = threading.Event()
    written: list[int] = []

    def write(counts: Mapping[Noted, Count]) -> None:
        hold.wait(10)
        written.append(len(counts))
        done.set()

    buffer = TallyBuffer(write, seconds=1e6)
    for at in range(3):
        buffer.note(Noted(TODAY, f"词{at}", "", "zh"), 1)
    hold.set()
    assert done.wait(10)
    for at in range(3):
        buffer.note(Noted(TODAY, f"新{at}", "", "zh"), 1)
    buffer.close()
    assert written[0] == 3


def test_a_day_takes_no_more_than_it_may_but_counts_what_it_knows(
    engine: sa.Engine, session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallying, "DAILY_ROWS", 2)
    for words in ("甲菜", "乙菜", "丙菜", "甲菜"):
        write_counts(engine, {Noted(TODAY, words, "", "zh"): Count(1, 0)})
    assert {(words, asked) for words, _, _, asked, _ in rows(session)} == {("甲菜", 2), ("乙菜", 1)}


def test_two_processes_add_up(app: Flask, engine: sa.Engine, session: Session) -> None:
    counts = {Noted(TODAY, f"菜{at}", "", "zh"): Count(1, 1) for at in range(50)}
    threads = [
        threading.Thread(target=write_counts, args=(engine, dict(some)))
        for some in (list(counts.items()), list(counts.items())[::-1])
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(asked, unmet) for *_, asked, unmet in rows(session)} == {(6, 6)}


@pytest.fixture
def tell(engine: sa.Engine) -> Callable[..., None]:
    """``tell(words, days ago, asked, unmet)`` puts counts into the tally."""

    def told(words: str, ago: int, asked: int, unmet: int = 0, locale: str = "zh") -> None:
        noted = Noted(TODAY - timedelta(days=ago), words, "", locale)
        write_counts(engine, {noted: Count(asked, unmet)})

    return told


def test_frequent_is_what_is_asked_often_and_finds_something(
    app: Flask, session: Session, tell: Callable[..., None]
) -> None:
    for ago in range(3):
        tell("冷藏车", ago, 2)
    tell("冷库出租", 0, 40)
    tell("冷水鱼", 0, 4)
    tell("冷库维修", 0, 50, 50)
    tell("茶叶", 0, 6)
    with app.app_context():
        tally_job.handler(job_run(app), [{}])
    assert frequent_queries(session, "冷", 10) == ["冷藏车", "冷库出租"]
    assert frequent_queries(session, "冷庫", 10) == ["冷库出租"]
    assert frequent_queries(session, "", 1) == ["冷藏车"]
    assert frequent_queries(session, "%", 10) == []
    assert frequent_queries(session, "x" * 500, 10) == []


def test_the_job_forgets_after_180_days_and_changes_nothing_twice(
    app: Flask, session: Session, clock: SettableClock, tell: Callable[..., None]
) -> None:
    tell("老话", 180, 9)
    tell("还在", 179, 9)
    with app.app_context():
        for _ in range(2):
            tally_job.handler(job_run(app), [{}])
    assert [words for words, *_ in rows(session)] == ["还在"]
    assert list(session.scalars(sa.select(FrequentSearch.words))) == ["还在"]
    clock.forward(days=1)
    with app.app_context():
        tally_job.handler(job_run(app), [{}])
    session.rollback()
    assert list(session.scalars(sa.select(FrequentSearch.words))) == []


def test_fruitless_are_sorted_by_count_within_the_span(
    session: Session, tell: Callable[..., None]
) -> None:
    tell("菌棒", 0, 3, 2)
    tell("菌棒", 5, 1, 1)
    tell("mushroom", 1, 7, 5, "en")
    tell("旧事", 40, 9, 9)
    since = TODAY - timedelta(days=6)
    assert fruitless(session, since, 0, 10) == [
        Fruitless("mushroom", "en", 5, TODAY - timedelta(days=1)),
        Fruitless("菌棒", "zh", 3, TODAY),
    ]
    assert fruitless(session, since, 1, 1)[0].words == "菌棒"
