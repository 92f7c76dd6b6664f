"""The form of an intention: what it shows to whom."""

from flask.testing import FlaskClient

from exchange.listings.models import Listing
from exchange.projects.kinds import PartnerState
from exchange.projects.models import ProjectPartner
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_intentions import SENT


def test_the_risk_of_investments_stands_open_only_for_investments(
    scene: Scene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.enterprise)
    client.get("/locale/en")
    path = f"/projects/{scene.public_id}/intentions/new"
    assert "<summary>If you bring an investment" in client.get(path).text
    shut, opened = '<details class="more"><summary>If', '<details class="more" open><summary>If'
    assert shut in client.post(path, data={**SENT, "text": ""}).text
    refused = client.post(path, data={**SENT, "kind": "investment", "text": ""})
    assert refused.status_code == 422
    assert opened in refused.text
    summary = refused.text.split('class="error-summary"')[1].split("</ul>")[0]
    assert "In your words" in summary
    assert "read the sentence on the risk" in summary, "all that is missing is told at once"
    assert client.post(path, data={**SENT, "kind": "elsewhere"}).status_code == 422


def test_a_partner_reads_that_it_takes_part_already(scene: Scene, client: FlaskClient) -> None:
    firm = scene.cast.enterprise
    with scene.open() as act:
        act.session.add(
            ProjectPartner(
                project_id=scene.project_id, organisation_id=firm.organisation_id,
                state=PartnerState.ACCEPTED, invited_at=act.now,
            )
        )  # fmt: skip
    scene.cast.sign_in(client, firm)
    answer = client.get(f"/projects/{scene.public_id}/intentions/new", follow_redirects=True)
    assert answer.request.path == f"/projects/{scene.public_id}"
    assert "你们已经是这个项目的合作单位" in answer.text


def test_an_amount_for_a_need_is_in_the_kind_of_unit_that_the_need_counts_in(
    scene: Scene, client: FlaskClient
) -> None:
    scene.session.get_one(Listing, scene.need_id).unit = "吨"
    scene.session.commit()
    scene.cast.sign_in(client, scene.cast.enterprise)
    path = f"/projects/{scene.public_id}/intentions/new"
    sent = {**SENT, "need": scene.need_public_id, "quantity": "7"}
    said = "这条需求按“吨”算。请用“吨”写数量，或者不选单位。"
    for unit in ("人次", "台", "毫升"):
        refused = client.post(path, data={**sent, "unit": unit})
        assert refused.status_code == 422
        assert refused.text.count(said) == 2, "in the summary and beside the field"
        assert 'value="7"' in refused.text
    client.get("/locale/en")
    assert "counts in t" in client.post(path, data={**sent, "unit": "台"}).text
    made = client.post(path, data={**sent, "unit": ""})
    key = made.headers["Location"].rsplit("/", 1)[1]
    assert (scene.intention(key).quantity_milli, scene.intention(key).unit) == (7_000, "吨")
    edit = {**sent, "version": str(scene.intention(key).version)}
    assert client.post(f"/intentions/{key}/edit", data={**edit, "unit": "人"}).status_code == 422
    assert client.post(f"/intentions/{key}/edit", data={**edit, "unit": "公斤"}).status_code == 302
    assert scene.intention(key).unit == "公斤"
