"""The lists of a bulletin: rooms add their own, and they cost what they cost."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta

from flask.testing import FlaskClient

from exchange.discovery.bulletins.sections import (
    Findings,
    Found,
    Kept,
    Line,
    Section,
    add_section,
)
from exchange.discovery.bulletins.service import approve
from exchange.listings.kinds import Side
from tests.conftest import Queries
from tests.discovery.bulletin_scene import Desk, titles

Catch = Callable[[], AbstractContextManager[Queries]]


def test_a_room_registers_a_list_of_its_own(desk: Desk) -> None:
    def show(
        _session: object, _house: object, kept: Sequence[Kept], _locale: str
    ) -> list[Line | None]:
        line = Line("合作社求技术员", "朵贝村", "/projects/1")
        return [line if one.subject_id == 1 else None for one in kept]

    add_section(
        desk.house,
        Section(
            "wanted", 45, "合作意向", "没有", "project",
            lambda *_asked: Findings([Found(1, True), Found(2, False)], {"new": 1}),
            show, lambda figures, _locale: (f"{figures['new']} new",),
        ),
    )  # fmt: skip
    desk.opened()
    desk.composed()
    view = desk.view()
    codes = [one.code for one in view.sections]
    assert codes == ["needs", "offers", "news", "wishes", "wanted", "delivered"]
    assert titles(view, "wanted") == ["合作社求技术员"]
    assert (view.gone, view.has_news) == (1, True)


def test_the_number_of_queries_does_not_grow_with_items_or_issues(
    desk: Desk, client: FlaskClient, catch_queries: Catch
) -> None:
    desk.opened()
    desk.listing("第一条", "2026-11-18")
    desk.listing("第一份", "2026-11-18", Side.OFFER)
    desk.published()
    addresses = [
        f"/bulletins/at/{desk.place}",
        f"/bulletins/at/{desk.place}/feed.atom",
        "/bulletins",
        "/api/v1/bulletins",
    ]

    def sent() -> list[int]:
        found = []
        for address in addresses:
            with catch_queries() as queries:
                assert client.get(address).status_code == 200
            found.append(queries.count)
        return found

    client.get("/healthz")
    sent()
    before = sent()
    for week in range(1, 4):
        for number in range(3):
            desk.listing(f"需求{week}{number}", "2026-11-20")
            desk.listing(f"资源{week}{number}", "2026-11-20", Side.OFFER)
        monday = date(2026, 11, 23) + timedelta(weeks=week)
        desk.at(monday.isoformat(), 9)
        desk.work()
        issue = desk.issue().public_id
        with desk.open(desk.cast.supervisor.actor) as act:
            approve(act, issue)
    assert sent() == before
