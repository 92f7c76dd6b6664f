"""What a project wishes for, before anybody has declared anything."""

import pytest
from flask.testing import FlaskClient

from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Visibility
from exchange.projects.intentions.kinds import (
    IntentionKind,
)
from exchange.projects.intentions.queries import wanted_in
from exchange.projects.intentions.wanting import state_wanted
from exchange.projects.models import Project
from tests.cast import ELSEWHERE, STATION_AREA, VILLAGE
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture


def test_what_is_wished_for_stands_before_everybody(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    cast.sign_in(client, cast.enterprise)
    path = f"/projects/{scene.public_id}/intentions/wanted"
    assert client.get(path).status_code == 403
    cast.sign_in(client, cast.officer)
    version = scene.project.version
    sent = {"version": version, "kind2": "technology", "words2": "请人设计冷库"}
    assert client.post(path, data=sent).status_code == 302
    cast.sign_out(client)
    assert "请人设计冷库" in client.get(f"/projects/{scene.public_id}/intentions").text
    scene.session.rollback()
    for places in ([STATION_AREA], ["CN"], [VILLAGE]):
        (found,) = wanted_in(scene.session, places, 10)
        assert (found.kind, found.words) == (IntentionKind.TECHNOLOGY, "请人设计冷库")
    assert wanted_in(scene.session, [ELSEWHERE], 10) == []
    assert wanted_in(scene.session, [], 10) == []
    with scene.open() as act:
        act.session.get_one(Project, scene.project_id).visibility = Visibility.VERIFIED
    assert wanted_in(scene.session, ["CN"], 10) == []


def test_a_line_that_may_not_stand_is_refused_beside_itself(
    scene: Scene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    client.get("/locale/en")
    path = f"/projects/{scene.public_id}/intentions/wanted"
    sent = {
        "version": scene.project.version, "kind1": "funds", "words1": "",
        "kind3": "funds", "words3": "帮我家孩子补课",
    }  # fmt: skip
    refused = client.post(path, data=sent)
    assert refused.status_code == 422
    assert 'id="words3-error"' in refused.text
    stale = client.post(path, data={**sent, "version": 99, "words3": "冷库"})
    assert stale.status_code == 422
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        state_wanted(act, scene.public_id, [(IntentionKind.OTHER, "来人")] * 6)
