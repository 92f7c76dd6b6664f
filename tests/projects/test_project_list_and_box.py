"""The end of the list of projects, and the box of others at the beginning of one."""

from flask.testing import FlaskClient

from exchange.projects.kinds import Stage
from tests.cast import ELSEWHERE, VILLAGE, Cast
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture


def test_a_page_behind_the_last_one_leads_to_the_first(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    village.project(stage=Stage.RUNNING)
    page = village.page(client, "/projects?page=99&stage=running", None)
    assert "The list has no such page" in page
    assert "No project found" not in page
    assert '<a class="btn" href="/projects?stage=running">Back to the first page</a>' in page
    assert "No project found" in village.page(client, "/projects?page=99&stage=idea", None)


def test_the_box_of_others_names_its_place_and_follows_the_chosen_one(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    same = {"category_code": "technology.engineering", "stage": Stage.RUNNING}
    village.project(cast.enterprise, title="村里修路", places=(VILLAGE,), **same)
    village.project(cast.enterprise, title="别处修桥", places=(ELSEWHERE,), **same)
    village.sign_in(client, cast.officer)
    page = client.get("/projects/new?template=infrastructure").text
    assert "Also done in Duobei" in page
    assert "村里修路" in page
    sent = {"template": "infrastructure", "title": "", "division": ELSEWHERE}
    refused = client.post("/projects/new", data=sent)
    assert refused.status_code == 422
    assert "Also done in Qixingguan" in refused.text
    assert "别处修桥" in refused.text
    assert "村里修路" not in refused.text
    typed = {**sent, "division": VILLAGE, "division_text": "七星关区"}
    refused = client.post("/projects/new", data=typed)
    assert "别处修桥" in refused.text
    assert "村里修路" not in refused.text
