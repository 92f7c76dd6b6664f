"""Changing synonyms: who may, two at once, other processes, files."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act, House
from exchange.kernel.actor import VISITOR, Actor
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.search.synonyms.groups import WordGroup, read_lines
from exchange.search.synonyms.queries import Entry, Origin, entries, entry, matching
from exchange.search.synonyms.service import (
    BadLine,
    TakenOver,
    add_synonyms,
    change_synonyms,
    delete_synonyms,
    switch_synonyms,
    take_over,
)
from exchange.search.synonyms.wiring import shelf_of, synonyms_of
from tests.conftest import MakeApp

ActAs = Callable[..., AbstractContextManager[Act]]
OPERATOR = Actor(person_id=1, is_operator=True)
OURS = WordGroup(("朵贝茶", "朵贝贡茶"))


def shipped(session: Session, word: str) -> Entry:
    """The shipped group that begins with a word."""
    session.rollback()
    return next(one for one in entries(session) if one.group.words[0] == word)


def own(session: Session) -> list[Entry]:
    session.rollback()
    return [one for one in entries(session) if one.origin is Origin.OWN]


def add(act_as: ActAs, group: WordGroup = OURS) -> str:
    with act_as(OPERATOR) as act:
        return add_synonyms(act, group).public_id


def test_only_operators_may(act_as: ActAs) -> None:
    with pytest.raises(Forbidden), act_as(replace(VISITOR, person_id=2)) as act:
        add_synonyms(act, OURS)


def test_a_new_group_counts_in_another_process_without_a_restart(
    app: Flask, house: House, act_as: ActAs, make_app: MakeApp
) -> None:
    other: House = make_app(house.settings, house.clock).extensions["exchange"]
    shelf_of(other).seconds = 0.0
    assert synonyms_of(other).others("朵贝茶") == ()
    before = synonyms_of(other)
    assert synonyms_of(other) is before
    add(act_as)
    assert synonyms_of(other).others("朵贝茶") == ("朵贝贡茶",)
    assert synonyms_of(house).others("朵贝茶") == ("朵贝贡茶",)


def test_between_looks_nothing_is_read(
    house: House, act_as: ActAs, catch_queries: Callable[[], AbstractContextManager[object]]
) -> None:
    synonyms_of(house)
    with catch_queries() as queries:
        synonyms_of(house)
    assert queries.statements == []  # type: ignore[attr-defined]  # see tests.conftest.Queries


def test_without_its_table_the_shipped_words_count(house: House, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE synonym_edition")
    assert "玉米" in synonyms_of(house).others("苞谷")


def test_a_shipped_group_is_switched_off_and_on(
    house: House, session: Session, act_as: ActAs
) -> None:
    shelf_of(house).seconds = 0.0
    corn = shipped(session, "玉米")
    with act_as(OPERATOR) as act:
        switch_synonyms(act, corn.reference, corn.version, on=False)
    assert synonyms_of(house).others("苞谷") == ()
    off = shipped(session, "玉米")
    assert (off.is_on, off.origin, off.version) == (False, Origin.SHIPPED, 1)
    with act_as(OPERATOR) as act:
        switch_synonyms(act, off.reference, off.version, on=True)
    assert "玉米" in synonyms_of(house).others("苞谷")


def test_a_changed_shipped_group_goes_back(session: Session, act_as: ActAs) -> None:
    corn = shipped(session, "玉米")
    with act_as(OPERATOR) as act:
        change_synonyms(act, corn.reference, WordGroup(("玉米", "苞谷")), corn.version)
    session.rollback()
    changed = entry(session, corn.reference)
    assert changed is not None
    assert (changed.origin, changed.group.words) == (Origin.CHANGED, ("玉米", "苞谷"))
    with act_as(OPERATOR) as act:
        delete_synonyms(act, corn.reference, changed.version)
    assert shipped(session, "玉米") == corn


def test_a_shipped_group_cannot_be_deleted(session: Session, act_as: ActAs) -> None:
    corn = shipped(session, "玉米")
    with pytest.raises(NotFound), act_as(OPERATOR) as act:
        delete_synonyms(act, corn.reference, corn.version)


def test_who_saw_an_older_version_is_told(session: Session, act_as: ActAs) -> None:
    reference = add(act_as)
    with act_as(OPERATOR) as act:
        change_synonyms(act, reference, WordGroup(("朵贝茶", "普定茶")), 1)
    with pytest.raises(Conflict) as caught, act_as(OPERATOR) as act:
        change_synonyms(act, reference, WordGroup(("朵贝茶", "绿茶")), 1)
    assert caught.value.code == "synonyms_changed_meanwhile"
    assert own(session)[0].group.words == ("朵贝茶", "普定茶")
    with act_as(OPERATOR) as act:
        delete_synonyms(act, reference, 2)
    with pytest.raises(Conflict) as caught, act_as(OPERATOR) as act:
        switch_synonyms(act, reference, 2, on=False)
    assert caught.value.code == "synonyms_gone"


def test_the_same_words_twice_are_refused(session: Session, act_as: ActAs) -> None:
    add(act_as)
    with pytest.raises(Invalid) as caught:
        add(act_as, WordGroup(tuple(reversed(OURS.words))))
    assert caught.value.fields == {"words": ["synonyms_exist"]}
    add(act_as, WordGroup(OURS.words, one_way=True))
    assert len(own(session)) == 2


def test_every_change_leaves_an_entry_with_its_words(session: Session, act_as: ActAs) -> None:
    reference = add(act_as)
    with act_as(OPERATOR) as act:
        change_synonyms(act, reference, WordGroup(("朵贝茶", "普定茶")), 1)
    with act_as(OPERATOR) as act:
        switch_synonyms(act, reference, 2, on=False)
    with act_as(OPERATOR) as act:
        delete_synonyms(act, reference, 3)
    trail = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.event for one in trail] == [
        "SynonymsAdded", "SynonymsChanged", "SynonymsSwitched", "SynonymsDeleted",
    ]  # fmt: skip
    assert trail[1].details["before"] == list(OURS.words)
    assert {one.person_id for one in trail} == {OPERATOR.person_id}


FILE = "朵贝茶 | 朵贝贡茶\n- 玉米 | 苞谷\n孩子 | 娃娃 | 儿童\n农具 => 锄头 | 镰刀\n"


def test_a_file_is_taken_over_once(session: Session, act_as: ActAs) -> None:
    lines = read_lines(FILE)
    with act_as() as act:
        assert take_over(act, lines) == TakenOver(added=2, changed=1, switched=1)
    with act_as() as act:
        assert take_over(act, lines) == TakenOver(same=4)
    assert not shipped(session, "玉米").is_on
    assert shipped(session, "孩子").group.words == ("孩子", "娃娃", "儿童")
    assert {one.group.words[0] for one in own(session)} == {"朵贝茶", "农具"}


def test_a_wrong_line_is_named_and_nothing_is_taken(session: Session, act_as: ActAs) -> None:
    with pytest.raises(BadLine) as caught, act_as() as act:
        take_over(act, read_lines("朵贝茶 | 朵贝贡茶\n\n独词\n"))
    assert (caught.value.code, caught.value.params["number"]) == ("synonym_count", 3)
    assert own(session) == []


def test_the_list_is_filtered_by_word_and_origin(session: Session, act_as: ActAs) -> None:
    add(act_as)
    session.rollback()
    everything = entries(session)
    assert everything[0].group == OURS
    assert [one.group for one in matching(everything, "貢茶")] == [OURS]
    assert matching(everything, "贡茶", Origin.SHIPPED) == []
    assert [one.group for one in matching(everything, "", Origin.OWN)] == [OURS]
    assert matching(everything, "", "off") == []
