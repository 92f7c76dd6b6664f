"""Programs search the news of all projects."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from exchange.kernel.act import Act
from exchange.listings.kinds import Visibility
from exchange.projects.news.service import NewsValues, post_news
from tests.api.conftest import MakeProgram
from tests.cast import STATION_AREA, Cast
from tests.projects.making import make_project

ActAs = Callable[..., AbstractContextManager[Act]]


def test_a_program_finds_what_it_may_read_page_by_page(
    program: MakeProgram, cast: Cast, act_as: ActAs, run_jobs: Callable[[], int]
) -> None:
    made = []
    with act_as(cast.officer.actor) as act:
        for title, circle in (("果园", Visibility.PUBLIC), ("茶园", Visibility.VERIFIED)):
            project = make_project(
                act, cast.officer.organisation, title=title, visibility=circle, now=act.now
            )
            made.append(post_news(act, project, NewsValues(f"{title}的桃苗栽完了")).public_id)
    run_jobs()

    def found(who: object, **asked: object) -> set[str]:
        items = who.get("/search/news", **asked).get_json()["items"]  # type: ignore[attr-defined]
        return {one["id"] for one in items}

    anybody, firm = program(), program(cast.enterprise)
    assert found(anybody, q="桃苗") == {made[0]}
    assert found(firm, q="桃苗") == found(firm) == set(made)
    assert found(firm, q="桃苗", division=STATION_AREA) == set(made)
    assert found(firm, q="桃苗", division="520403") == set()
    first = firm.get("/search/news", q="桃苗", limit=1).get_json()
    rest = firm.get("/search/news", q="桃苗", limit=1, cursor=first["next_cursor"]).get_json()
    assert {one["id"] for one in first["items"] + rest["items"]} == set(made)
    assert anybody.get("/search/news", cursor="x1").status_code == 422
    assert anybody.get("/search/news", division="nowhere").status_code == 422
