"""The figures of a station for programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from exchange.brokering.models import Match
from exchange.kernel.actor import SYSTEM
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.brokering.test_overview import busy as busy  # noqa: PLC0414 - a fixture
from tests.cast import Player
from tests.conftest import Queries

Catch = Callable[[], AbstractContextManager[Queries]]


def token_of(scene: Scene, who: Player) -> dict[str, str]:
    ids = who.person_id, who.organisation_id
    scene.cast.session.commit()
    with scene.act(SYSTEM) as act:
        secret = create_token(act, *ids, "x", may_write=True, days=1).secret
    return {"Authorization": f"Bearer {secret}"}


def test_the_same_for_programs(busy: Scene, client: FlaskClient) -> None:
    cast = busy.cast
    boss, worker = token_of(busy, cast.supervisor), token_of(busy, cast.broker)
    centre = point_at(cast, cast.supervisor).public_id
    found = client.get(f"/api/v1/service-points/{centre}/overview", headers=boss)
    assert found.status_code == 200
    assert found.json["figures"]["live_matches"] == {"agreed": 1, "claimed": 1, "proposed": 1}
    assert found.json["figures"]["people_30_days"] == 42
    other = colleague(cast, cast.broker, "小吴").person.public_id
    match = busy.cast.session.query(Match).filter_by(state="claimed").one().public_id
    given = client.post(f"/api/v1/matches/{match}/assign", json={"worker": other}, headers=boss)
    assert given.json == {"worker": other, "name": "小吴"}
    both = {"worker": other, "service_point": centre}
    path = f"/api/v1/matches/{match}/assign"
    assert client.post(path, json=both, headers=boss).status_code == 422
    there = client.get(f"/api/v1/service-points/{centre}/overview", headers=worker)
    assert there.status_code == 403
    refused = client.post(path, json={"worker": other}, headers=worker)
    assert refused.status_code == 403
