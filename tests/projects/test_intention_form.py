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


def test_all_that_is_wrong_is_told_at_once(scene: Scene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.enterprise)
    client.get("/locale/en")
    sent = {**SENT, "kind": "investment", "text": "找老王 13812345678", "until": "2020-01-01"}
    refused = client.post(
        f"/projects/{scene.public_id}/intentions/new",
        data={**sent, "quantity": "ziemlich viel", "unit": "吨"},
    )
    assert refused.status_code == 422
    for field in ("text", "until", "quantity", "risk_read"):
        assert f'id="{field}-error"' in refused.text, field
    assert "Please leave out phone numbers" in refused.text
    refused = client.post(
        f"/projects/{scene.public_id}/intentions/new",
        data={**sent, "kind": "", "text": "", "quantity": "3", "unit": ""},
    )
    for field in ("kind", "text", "until", "unit"):
        assert f'id="{field}-error"' in refused.text, field


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


def test_a_bare_amount_for_a_need_is_in_the_unit_of_the_need(
    scene: Scene, client: FlaskClient
) -> None:
    scene.session.get_one(Listing, scene.need_id).unit = "吨"
    scene.session.commit()
    scene.cast.sign_in(client, scene.cast.enterprise)
    path = f"/projects/{scene.public_id}/intentions/new"
    sent = {**SENT, "need": scene.need_public_id, "quantity": "7", "unit": ""}
    key = client.post(path, data=sent).headers["Location"].rsplit("/", 1)[1]
    assert (scene.intention(key).quantity_milli, scene.intention(key).unit) == (7_000, "吨")
    trucks = sent | {"version": str(scene.intention(key).version), "unit": "车"}
    assert client.post(f"/intentions/{key}/edit", data=trucks).status_code == 302
    assert scene.intention(key).unit == "车"
