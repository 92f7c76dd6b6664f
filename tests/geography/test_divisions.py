"""Divisions in the database: loading, paths, children, distance, and finding."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.centroids import load_centroids
from exchange.geography.loading import load_divisions
from exchange.geography.models import Division
from exchange.geography.place_search import resolve_place, search_divisions
from exchange.geography.queries import (
    children,
    choices,
    distance_km,
    distances_km,
    division,
    path,
    paths,
)
from exchange.geography.rules import Level
from exchange.geography.service import add_division, retire_division
from exchange.kernel.act import Act
from exchange.kernel.actor import VISITOR, Actor
from exchange.kernel.database import Base
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound

Opening = Callable[..., AbstractContextManager[Act]]
Watching = Callable[[], AbstractContextManager[Any]]
PUDING, XIXIU, BAIYAN, JIUHUANG = "520422", "520402", "520422104", "520422104227"


def test_loading_again_adds_nothing(session: Session) -> None:
    assert load_divisions(session.connection(), only_prefixes=("52",)) == 0


def test_missing_divisions_are_added_and_others_left_alone(session: Session) -> None:
    session.execute(sa.delete(Division).where(Division.code == JIUHUANG))
    session.execute(sa.update(Division).where(Division.code == PUDING).values(name="改名县"))
    steps: list[tuple[int, int]] = []
    added = load_divisions(session.connection(), ("52",), lambda *step: steps.append(step))
    assert added == 1
    assert steps
    assert steps[-1][0] == steps[-1][1]
    assert session.scalar(sa.select(Division.name).where(Division.code == PUDING)) == "改名县"


@pytest.mark.slow
def test_loading_may_be_kept_to_a_city(session: Session) -> None:
    session.execute(sa.delete(Division))
    load_divisions(session.connection(), only_prefixes=("5204",))
    codes = set(session.scalars(sa.select(Division.code)))
    assert {"52", "5204", JIUHUANG} <= codes
    assert all("5204".startswith(code) or code.startswith("5204") for code in codes)


@pytest.mark.slow
def test_whole_country_loads_into_an_empty_table_with_its_indexes() -> None:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[Base.metadata.tables["division"]])
    with engine.begin() as connection:
        assert load_divisions(connection) == 665_279
        names = {index["name"] for index in sa.inspect(connection).get_indexes("division")}
    engine.dispose()
    assert names == {
        "ix_division_level_name",
        "ix_division_level_initials",
        "ix_division_level_pinyin",
        "ix_division_parent_code",
    }


def test_path_goes_from_province_to_the_place(session: Session) -> None:
    assert [d.code for d in path(session, JIUHUANG)] == ["52", "5204", PUDING, BAIYAN, JIUHUANG]
    assert path(session, "999999") == ()
    assert path(session, "nonsense") == ()


def test_paths_of_many_places_take_one_query(session: Session, catch_queries: Watching) -> None:
    session.connection()
    with catch_queries() as queries:
        found = paths(session, [JIUHUANG, XIXIU, "520422102240", "990000"])
    assert queries.count == 1
    assert set(found) == {JIUHUANG, XIXIU, "520422102240"}


def test_children_are_the_level_below(session: Session) -> None:
    counties = children(session, "5204")
    assert [d.name for d in counties][:3] == ["西秀区", "平坝区", "普定县"]
    assert [d.code for d in children(session, None)] == ["52"]
    assert all(d.level is Level.VILLAGE for d in children(session, BAIYAN))


def test_choices_open_rows_that_only_group(session: Session) -> None:
    session.add_all(
        [
            Division(code="11", name="北京市", level=Level.PROVINCE, initials="bjs"),
            Division(
                code="1101", name="市辖区", level=Level.CITY, parent_code="11", initials="sxq"
            ),
            Division(
                code="110105", name="朝阳区", level=Level.COUNTY, parent_code="1101", initials="cyq"
            ),
        ]
    )
    assert [d.name for d in choices(session, "11")] == ["朝阳区"]


def test_distance_between_two_counties(session: Session) -> None:
    between = distance_km(session, PUDING, XIXIU)
    assert between == pytest.approx(20, abs=6)
    assert distance_km(session, JIUHUANG, XIXIU) == between
    assert distance_km(session, JIUHUANG, PUDING) == 0
    assert distance_km(session, PUDING, "990000") is None


def test_distances_to_many_places_take_one_query(session: Session, catch_queries: Watching) -> None:
    session.connection()
    with catch_queries() as queries:
        found = distances_km(session, JIUHUANG, [XIXIU, "5201", "520102", "990000"])
    assert queries.count == 1
    assert set(found) == {XIXIU, "5201", "520102"}


def test_centroids_agree_with_the_query(session: Session) -> None:
    centroids = load_centroids(session)
    assert centroids.distance_km(JIUHUANG, "520102") == distance_km(session, JIUHUANG, "520102")
    assert centroids.distance_km(JIUHUANG, "990000") is None


def _codes(found: tuple[Division, ...]) -> list[str]:
    return [d.code for d in found]


@pytest.mark.parametrize("text", ["普定", "pdx", "puding", "Pu Ding", "520422", "安顺 普定"])
def test_county_is_found_by(session: Session, text: str) -> None:
    assert _codes(search_divisions(session, text))[0] == PUDING


@pytest.mark.parametrize("text", ["焦家", "jj", "普定 焦家", "家村 "])
def test_village_is_found_near_the_actor_by(session: Session, text: str) -> None:
    assert "520422102240" in _codes(search_divisions(session, text, near=JIUHUANG))


def test_part_of_a_name_is_found_only_nearby(session: Session) -> None:
    assert JIUHUANG in _codes(search_divisions(session, "黄村", near=PUDING))
    assert JIUHUANG not in _codes(search_divisions(session, "黄村"))


def test_coarse_levels_come_first(session: Session) -> None:
    lengths = [len(d.code) for d in search_divisions(session, "镇宁", limit=20)]
    assert lengths
    assert lengths == sorted(lengths)


def test_search_stays_within(session: Session) -> None:
    found = _codes(search_divisions(session, "xc", within="5204", limit=20))
    assert found
    assert all(code.startswith("5204") for code in found)


@pytest.mark.parametrize("text", ["", "普", "p", " ", "%%", "__", "没有这个地方", "'; --"])
def test_nothing_is_found_for(session: Session, text: str) -> None:
    assert search_divisions(session, text, near=PUDING) == ()


def test_number_of_results_is_kept(session: Session) -> None:
    assert len(search_divisions(session, "新村", near=PUDING, limit=5)) == 5


@pytest.mark.parametrize(
    "text",
    [
        "普定县白岩镇韭黄村",
        "贵州省安顺市普定县白岩镇韭黄村",
        "普定县 白岩镇 韭黄村",
        "白岩镇韭黄村村民委员会",
    ],
)
def test_full_address_means_one_place(session: Session, text: str) -> None:
    assert _codes(resolve_place(session, text)) == [JIUHUANG]


def test_common_name_means_the_nearest_first(session: Session) -> None:
    found = _codes(resolve_place(session, "新村", near=PUDING))
    assert len(found) > 1
    assert found[0].startswith("5204")


def test_operator_adds_a_division_that_is_then_found(session: Session, act_as: Opening) -> None:
    with act_as() as act:
        add_division(act, "520422999", "牵线镇")
    found = search_divisions(session, "qianxianz")
    assert [d.label("en") for d in found] == ["Qianxian Town"]
    assert distance_km(session, "520422999", PUDING) == 0


def test_retired_division_stays_readable_but_is_no_longer_offered(
    session: Session, act_as: Opening
) -> None:
    with act_as() as act:
        retire_division(act, JIUHUANG, successor_code="520422102240", last_day=date(2026, 11, 1))
    retired = division(session, JIUHUANG)
    assert retired is not None
    assert retired.successor_code == "520422102240"
    assert JIUHUANG not in _codes(children(session, BAIYAN))
    assert JIUHUANG not in _codes(search_divisions(session, "韭黄", near=PUDING))


@pytest.mark.parametrize(
    ("code", "name", "error"),
    [
        ("5204229", "镇", Invalid),
        ("520422998", "  ", Invalid),
        ("529999998", "镇", NotFound),
        (PUDING, "普定县", Conflict),
    ],
)
def test_bad_division_is_refused(
    act_as: Opening, code: str, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error), act_as() as act:
        add_division(act, code, name)


def test_a_division_ends_once_and_not_in_itself(act_as: Opening) -> None:
    with pytest.raises(Invalid), act_as() as act:
        retire_division(act, JIUHUANG, successor_code=JIUHUANG)
    with act_as() as act:
        retire_division(act, JIUHUANG)
    with pytest.raises(Conflict), act_as() as act:
        retire_division(act, JIUHUANG)


@pytest.mark.parametrize("actor", [VISITOR, Actor(person_id=1)])
def test_others_change_no_divisions(act_as: Opening, actor: Actor) -> None:
    with pytest.raises(Forbidden), act_as(actor) as act:
        add_division(act, "520422999", "镇")
    with pytest.raises(Forbidden), act_as(actor) as act:
        retire_division(act, JIUHUANG)
