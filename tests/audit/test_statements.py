"""What statements change past the rows of an act stands in the audit with before and after, too."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.audit.models import AuditEntry
from exchange.brokering.centre.settings import CentreSettings, set_centre_settings
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.models import CommitmentChange
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import changing, closing
from exchange.brokering.life.changing import Terms
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side
from tests.accounts.test_points import point_at
from tests.brokering.conftest import Scene
from tests.brokering.conftest import cast as cast  # noqa: PLC0414 - the people of a match
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - the fixture of a match


def kept(scene: Scene, table: str, row: object, column: str) -> list[list[Any]]:
    """What the audit holds of a column of a row, oldest first."""

    def pairs() -> Iterator[list[Any]]:
        query = sa.select(AuditEntry.changes).order_by(AuditEntry.id)
        for changes in scene.cast.session.scalars(query):
            for one in changes:
                if (one["table"], one["row"]) == (table, str(row)) and column in one["plain"]:
                    yield one["plain"][column]

    scene.cast.session.rollback()
    return list(pairs())


def test_amounts_that_are_promised_and_given_back(scene: Scene) -> None:
    public_id, _commitment = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 5_000, 5_000)
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, public_id, CloseReason.TERMS, "谈不拢")
    for listing_id in (scene.need_id, scene.offer_id):
        found = kept(scene, "listing", listing_id, "committed_milli")
        assert found == [[0, 30_000], [30_000, 35_000], [35_000, 0]]


def test_an_amount_that_was_refused_leaves_no_trace(scene: Scene) -> None:
    public_id, _commitment = scene.agreed()
    with pytest.raises(Conflict), scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 900_000_000, 900_000_000)
    found = kept(scene, "listing", scene.need_id, "committed_milli")
    assert found == [[0, 30_000]]


def test_the_first_settings_of_a_centre(scene: Scene) -> None:
    boss = scene.cast.supervisor
    centre = point_at(scene.cast, boss)
    point_id, public_id = centre.id, centre.public_id
    with scene.act(boss) as act:
        set_centre_settings(act, public_id, CentreSettings(lapse_days=30), 0)
    with scene.act(boss) as act:
        set_centre_settings(act, public_id, CentreSettings(lapse_days=20), 1)
    found = kept(scene, "centre_setting", point_id, "lapse_days")
    assert found == [[None, 30], [30, 20]]
    entry = scene.cast.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "CentreSettingsChanged")
    ).first()
    assert entry is not None
    assert [one["table"] for one in entry.changes] == ["centre_setting"]


def test_a_change_that_ends_with_its_match(scene: Scene) -> None:
    public_id, commitment = scene.agreed()
    terms = Terms(20_000, 20_000, date(2026, 12, 20))
    with scene.act(scene.cast.broker) as act:
        changing.propose_change(act, public_id, commitment, terms, "车不够")
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, public_id, CloseReason.TERMS, "谈不拢")
    change_id = scene.cast.session.scalars(sa.select(CommitmentChange.id)).one()
    assert kept(scene, "commitment_change", change_id, "state") == [
        [None, "open"], ["open", "ended"],
    ]  # fmt: skip


def test_what_was_at_a_point_that_closes(scene: Scene, client: FlaskClient) -> None:
    cast, (public_id, _commitment) = scene.cast, scene.agreed()
    with scene.act(cast.broker) as act:
        closing.fail(act, public_id, CloseReason.TERMS, "谈不拢")
    boss = cast.supervisor
    station, centre = point_at(cast, cast.broker), point_at(cast, boss)
    station_id, station_name, centre_id = station.id, station.public_id, centre.id
    cast.sign_in(client, boss)
    assert client.post(f"/points/{station_name}/close").status_code == 302
    match = scene.match(public_id)
    assert match.service_point_id == centre_id
    found = kept(scene, "match", match.id, "service_point_id")
    assert found == [[None, station_id], [station_id, centre_id]]
    assert scene.listing(Side.NEED).committed_milli == 0
