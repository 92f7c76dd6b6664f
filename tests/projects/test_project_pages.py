"""The pages of projects through the doors that people use."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.listings.kinds import Visibility
from exchange.projects.budget import add_budget_line
from exchange.projects.kinds import Publication, Stage
from exchange.projects.models import ProjectNeed
from exchange.projects.needs import add_needs
from exchange.search.jobs import ensure_index
from tests.cast import VILLAGE, Cast
from tests.conftest import Queries
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture

Catch = Callable[[], AbstractContextManager[Queries]]
TITLE = "给李子建冷库"


def begun(client: FlaskClient, **more: str) -> str:
    answer = client.post(
        "/projects/new",
        data={"template": "infrastructure", "title": TITLE, "division": VILLAGE,
              "aim": "让李子不烂在地里。", **more},
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def test_a_village_begins_from_a_template_and_publishes(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    village.sign_in(client, cast.officer)
    assert "Roads, water, buildings" in client.get("/projects/new").text
    form = client.get("/projects/new?template=infrastructure").text
    assert "Steps that come along" in form
    public_id = begun(client)
    page = client.get(f"/projects/{public_id}").text
    assert "Nobody outside sees it yet" in page
    assert "Approved, or the money is there" in page
    answer = client.post(f"/projects/{public_id}/submit", follow_redirects=True)
    assert "Published. Everybody can find it now." in answer.text
    assert TITLE in village.page(client, "/projects", None)


def test_empty_brackets_of_an_outline_are_not_published(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    village.sign_in(client, cast.officer)
    public_id = begun(client, aim="现在有（　　）户在种（养），冷库（小的）够用。")
    page = client.get(f"/projects/{public_id}").text
    assert '<button class="btn wide">Publish</button>' in page
    answer = client.post(f"/projects/{public_id}/submit", follow_redirects=True)
    assert answer.request.path == f"/projects/{public_id}/edit"
    assert "Please fill in the empty brackets first: 现在有（　　）户在种（养）" in answer.text
    assert village.fresh(public_id).publication is Publication.DRAFT
    said = {"title": TITLE, "aim": "有 80 户在种（养）。", "visibility": "public", "version": "1"}
    client.post(f"/projects/{public_id}/edit", data=said)
    client.post(f"/projects/{public_id}/submit")
    assert village.fresh(public_id).publication is Publication.PUBLISHED
    said |= {"plan": "We ask (…) people.", "version": str(village.fresh(public_id).version)}
    again = client.post(f"/projects/{public_id}/edit", data=said)
    assert again.status_code == 422
    assert "empty brackets first: We ask (…) people." in again.text


def test_what_one_can_do_stands_below_the_head_and_reporting_at_the_end(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project(aim="打响牌子")
    village.do(cast.officer, public_id, add_budget_line, purpose="包装", planned_fen=500)
    page = village.page(client, f"/projects/{public_id}", cast.enterprise)
    assert page.index("We would join in") < page.index("Budget</h2>")
    assert page.index("Leads it") < page.index("/report/project/")
    officers = village.page(client, f"/projects/{public_id}", cast.officer)
    assert officers.index("Post news") < officers.index("Budget</h2>")


def test_bad_input_comes_back_beside_its_field_with_what_was_typed(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    village.sign_in(client, cast.officer)
    data = {"template": "other", "title": TITLE, "division": VILLAGE, "aim": "电话13800001234找我"}
    answer = client.post("/projects/new", data=data)
    assert answer.status_code == 422
    assert "Please leave out phone numbers" in answer.text
    assert "13800001234" in answer.text
    public_id = begun(client)
    assert client.get("/projects/new?template=nonsense").status_code == 200
    for page, data, words in (
        ("edit", {"title": "", "visibility": "public", "version": "1"}, "Please fill this in."),
        ("people", {"beneficiary_count": "9" * 14, "version": "1"}, "number cannot be right"),
        ("people", {"from_date": "2027-02-01", "to_date": "2027-01-01", "version": "1"}, "before"),
        ("milestones", {"title": ""}, "Please fill this in."),
        ("people", {"beneficiary_count": "-1", "version": "1"}, "from 0 to 100,000,000"),
        ("budget", {"purpose": "机器", "planned": "很多"}, "Please write the sum in yuan"),
        ("budget", {"purpose": "机器", "planned": "-80000"}, "It must be more than 0."),
        ("budget", {"purpose": "机器", "planned": "9" * 12}, "At most 100,000,000,000, please."),
        ("places", {"division_text": "没有这个地方的"}, "We do not know this place"),
        ("stage", {"wanted": "stopped", "version": "1"}, "why it is stopped"),
    ):
        answer = client.post(f"/projects/{public_id}/{page}", data=data)
        assert answer.status_code == 422, page
        assert words in answer.text, page


def test_an_older_page_does_not_overwrite(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project()
    village.sign_in(client, cast.officer)
    said = {"title": "第一", "aim": "好", "visibility": "public", "version": "1"}
    assert client.post(f"/projects/{public_id}/edit", data=said).status_code == 302
    answer = client.post(f"/projects/{public_id}/edit", data={**said, "title": "第二"})
    assert answer.status_code == 422
    assert "Somebody changed this while you were writing" in answer.text
    assert 'value="第二"' in answer.text


def test_strangers_read_but_change_nothing(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id, draft = village.project(), village.begin()
    page = village.page(client, f"/projects/{public_id}", None)
    assert "冷链项目" in page
    assert f"/projects/{public_id}/edit" not in page
    village.sign_in(client, cast.stranger)
    assert client.get(f"/projects/{draft}").status_code == 404
    for path in ("edit", "people", "places", "milestones", "budget", "partners", "needs"):
        assert client.get(f"/projects/{public_id}/{path}").status_code == 403, path
    for path, status in (
        ("submit", 403), ("withdraw", 403), ("discard", 403), ("hold", 403), ("leave", 404),
        ("invitation", 404), ("approve", 403), ("worker", 403),
    ):  # fmt: skip
        answer = client.post(f"/projects/{public_id}/{path}", data={"answer": "yes"})
        assert answer.status_code == status, path


def test_the_plan_is_ticked_off_and_late_steps_are_shown(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project()
    village.sign_in(client, cast.officer)
    client.post(
        f"/projects/{public_id}/milestones", data={"title": "修好路", "due_on": "2026-11-01"}
    )
    page = client.get(f"/projects/{public_id}").text
    assert "late" in page
    step = village.fresh(public_id).milestones[0].public_id
    client.post(f"/projects/{public_id}/milestones/{step}/done", data={"done_on": "2026-11-20"})
    assert "reached 20 Nov" in client.get(f"/projects/{public_id}").text.replace("\xa0", " ")
    answer = client.post(
        f"/projects/{public_id}/milestones/{step}/done", data={"done_on": "x"},
        follow_redirects=True,
    )  # fmt: skip
    assert "We cannot read this date." in answer.text
    client.post(f"/projects/{public_id}/milestones/{step}/open")
    said = {"title": "修好桥", "version": str(village.fresh(public_id).version)}
    assert client.post(f"/projects/{public_id}/milestones/{step}", data=said).status_code == 302
    client.post(f"/projects/{public_id}/milestones/{step}/remove")
    assert village.fresh(public_id).milestones == []


PERSONAL = "为留守儿童王某家修房"


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("milestones", "title", {}),
        ("budget", "purpose", {"planned": "800"}),
        ("stage", "reason", {"wanted": "stopped", "version": "1"}),
    ],
)
def test_a_named_child_stands_in_no_line_either(
    village: Village, cast: Cast, client: FlaskClient, path: str, field: str, more: dict[str, str]
) -> None:
    public_id = village.project()
    village.sign_in(client, cast.officer)
    answer = client.post(f"/projects/{public_id}/{path}", data={field: PERSONAL, **more})
    assert answer.status_code == 422
    assert "This names a person or household" in answer.text
    assert PERSONAL in answer.text
    assert PERSONAL not in village.page(client, f"/projects/{public_id}", None)


def test_a_line_for_social_workers_holds_the_project_back_from_others(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project(visibility=Visibility.BROKERS)
    village.sign_in(client, cast.officer)
    said = client.post(f"/projects/{public_id}/milestones", data={"title": PERSONAL})
    assert said.status_code == 302
    words = {"title": "冷链项目", "aim": "让鲜果当天运到贵阳。", "visibility": "public"}
    answer = client.post(f"/projects/{public_id}/edit", data={**words, "version": "2"})
    assert answer.status_code == 422
    assert "This names a person or household" in answer.text
    assert village.fresh(public_id).visibility is Visibility.BROKERS


def test_a_need_becomes_a_project_and_says_so(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    need = village.need("要一间冷库")
    village.sign_in(client, cast.officer)
    assert f"/projects/new?need={need.public_id}" in client.get(f"/listings/{need.public_id}").text
    form = client.get(f"/projects/new?need={need.public_id}&template=other").text
    assert "Made from: 要一间冷库" in form
    public_id = begun(client, need=need.public_id)
    assert "要一间冷库" in client.get(f"/projects/{public_id}").text
    assert "Part of a project" in client.get(f"/listings/{need.public_id}").text
    village.sign_in(client, cast.enterprise)
    assert client.get(f"/projects/new?need={need.public_id}&template=other").status_code == 403


def test_a_need_is_posted_from_the_project_and_comes_back(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project()
    village.sign_in(client, cast.officer)
    address = f"/post/help?project={public_id}&category=equipment.storage"
    assert f'name="project" value="{public_id}"' in client.get(address).text
    data = {
        "door": "help", "text": "想要一间冷库放李子，五十立方米。", "category": "equipment.storage",
        "division": VILLAGE, "terms": "free", "understood": "1", "not_duplicate": "1",
        "project": public_id, "title": "想要一间冷库",
    }  # fmt: skip
    answer = client.post("/post/help", data=data)
    assert answer.headers.get("Location") == f"/projects/{public_id}/needs", answer.text[:3000]
    village.session.rollback()
    assert village.session.query(ProjectNeed).count() == 1


def test_partners_are_found_asked_and_answer(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id, firm = village.project(), cast.enterprise.organisation.public_id
    village.sign_in(client, cast.officer)
    assert firm in client.get(f"/projects/{public_id}/partners?q=冷链").text
    client.post(f"/projects/{public_id}/partners", data={"organisation": firm, "role": "partner"})
    assert "黔山冷链" not in village.page(client, f"/projects/{public_id}", None)
    village.sign_in(client, cast.enterprise)
    assert "You are asked to take part" in client.get("/my/projects").text
    assert "asks" in client.get(f"/projects/{public_id}/invitation").text
    client.post(f"/projects/{public_id}/invitation", data={"answer": "yes"})
    assert "黔山冷链" in village.page(client, f"/projects/{public_id}", None)
    village.sign_in(client, cast.enterprise)
    client.post(f"/projects/{public_id}/leave")
    assert "黔山冷链" not in village.page(client, f"/projects/{public_id}", None)


def test_the_station_reads_and_decides(village: Village, cast: Cast, client: FlaskClient) -> None:
    owner = cast.make_organisation(OrganisationKind.COOPERATIVE, "茶叶合作社", VILLAGE)
    farmer = cast.make_player("马小云", VILLAGE, owner, Role.MANAGER)
    assert cast.broker
    village.sign_in(client, farmer)
    public_id = begun(client)
    client.post(f"/projects/{public_id}/submit")
    village.sign_in(client, cast.broker)
    assert "1 project waits, too" in client.get("/review").text
    assert TITLE in client.get("/projects/waiting").text
    answer = client.post(f"/projects/{public_id}/return", data={"version": "2"})
    assert answer.status_code == 422
    version = village.fresh(public_id).version
    client.post(f"/projects/{public_id}/approve", data={"version": version})
    assert village.fresh(public_id).publication is Publication.PUBLISHED


def test_the_list_is_narrowed_by_the_address(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    tea = village.project(title="茶叶项目", category_code="market.brand", stage=Stage.RUNNING)
    road = village.project(title="修路项目", category_code="technology.engineering",
                           stage=Stage.PLANNED, places=("520402",))  # fmt: skip
    village.do(cast.officer, tea, add_budget_line, purpose="包装", planned_fen=20_000_000)
    need = village.need("要人教", category_code="training.farming")
    with village.act_as(cast.officer.actor) as act:
        add_needs(act, village.load(tea, act.session), [act.session.get_one(type(need), need.id)])
    for query, shown, hidden in (
        ("category=market", "茶叶项目", "修路项目"),
        ("stage=planned", "修路项目", "茶叶项目"),
        ("division=520422", "茶叶项目", "修路项目"),
        ("scale=middle", "茶叶项目", "修路项目"),
        ("scale=unknown", "修路项目", "茶叶项目"),
        ("missing=training", "茶叶项目", "修路项目"),
        (f"p={road}&category=technology", "修路项目", "茶叶项目"),
    ):
        page = village.page(client, f"/projects?{query}", None)
        cards = re.findall(r"<h3><a href=\"/projects/\w+\">([^<]+)", page)
        assert shown in cards, query
        assert hidden not in cards, query
    page = village.page(client, "/projects?stage=flying&category=x&division=abc&page=-3", None)
    assert "We left out what we could not understand" in page


def test_a_coarse_need_is_not_found_by_what_a_project_misses(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    project = village.project(title="茶叶项目")
    need = village.need(
        "要人教孩子", category_code="training.farming",
        public_title="一户人家要帮忙", public_division_code="520422",
    )  # fmt: skip
    with village.act_as(cast.officer.actor) as act:
        add_needs(
            act, village.load(project, act.session), [act.session.get_one(type(need), need.id)]
        )
    asked = "/projects?missing=training"
    assert "茶叶项目" in village.page(client, asked, cast.officer)
    for who in (None, cast.stranger):
        assert "<h3>" not in village.page(client, asked, who)


def test_up_to_four_stand_side_by_side(village: Village, cast: Cast, client: FlaskClient) -> None:
    ids = [village.project(title=f"项目{number}") for number in range(5)]
    hidden = village.begin(None, title="没发布的")
    query = "&".join(f"p={one}" for one in [hidden, *ids])
    page = village.page(client, f"/projects/compare?{query}", None)
    assert all(f"项目{number}" in page for number in range(3))
    assert "没发布的" not in page
    assert "was left out" in page
    assert "Nothing to compare" in village.page(client, "/projects/compare?p=x'y&p=", None)
    client.get("/locale/zh")
    assert "在项目清单里点“对比”来选。" in client.get("/projects/compare").text
    assert ">对比<span" in client.get("/projects").text, "the button is called so"
    chosen = client.get(f"/projects?p={ids[0]}&p={ids[1]}").text
    assert "对比这 2 个项目" in chosen
    assert "比一比" not in chosen


@pytest.mark.parametrize("address", ["/projects", "/my/projects", "compare"])
def test_twice_the_projects_take_the_same_number_of_queries(
    village: Village, cast: Cast, client: FlaskClient, catch_queries: Catch, address: str
) -> None:
    def more(count: int) -> list[str]:
        made = []
        for number in range(count):
            made.append(village.project(title=f"项目{number}"))
            need = village.need(f"需求{number}")
            with village.act_as(cast.officer.actor) as act:
                one = act.session.get_one(type(need), need.id)
                add_needs(act, village.load(made[-1], act.session), [one])
        return made

    def sent(ids: list[str]) -> int:
        query = "&".join(f"p={one}" for one in ids)
        target = f"/projects/compare?{query}" if address == "compare" else address
        village.sign_in(client, cast.officer)
        with catch_queries() as queries:
            assert client.get(target).status_code == 200
        return queries.count

    ids = more(2)
    sent(ids)
    before = sent(ids)
    assert sent(ids + more(2)) == before


def test_the_one_search_finds_projects(
    app: Flask, village: Village, cast: Cast, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    village.sign_in(client, cast.officer)
    public_id = begun(client)
    village.need("要一间冷库放李子")
    run_jobs()
    assert TITLE not in village.page(client, "/search?q=冷库", None)
    village.sign_in(client, cast.officer)
    client.post(f"/projects/{public_id}/submit")
    run_jobs()
    page = village.page(client, "/search?q=李子&side=project", None)
    assert f"/projects/{public_id}" in page
    assert "要一间冷库" not in page
    both = village.page(client, "/search?q=李子", None)
    assert f"/projects/{public_id}" in both
    assert f"/projects/{public_id}" not in village.page(client, "/needs?q=李子", None)
    village.sign_in(client, cast.officer)
    client.post(f"/projects/{public_id}/withdraw")
    assert f"/projects/{public_id}" not in village.page(client, "/search?q=李子", None)
