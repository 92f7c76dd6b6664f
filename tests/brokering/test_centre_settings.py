"""What a centre sets holds in its area, and nowhere else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.models import ServicePoint
from exchange.brokering.centre.settings import (
    USUAL,
    CentreSettings,
    all_centre_settings,
    centre_settings_for,
    set_centre_settings,
    settings_of_centre,
)
from exchange.kernel.errors import Conflict, Invalid, NotFound
from tests.brokering.conftest import OpenAct
from tests.cast import CENTRE_AREA, ELSEWHERE, STATION_AREA, VILLAGE, Cast

LOOSE = CentreSettings(lapse_days=30, caseload_limit=5, caseload_blocks=True)


def point_of(cast: Cast, prefix: str) -> ServicePoint:
    cast.session.rollback()
    points = cast.session.query(ServicePoint).all()
    return next(p for p in points if prefix in {d.prefix for d in p.divisions})


def test_what_is_set_holds_in_the_area_of_the_centre(
    cast: Cast, session: Session, act_as: OpenAct
) -> None:
    supervisor, _broker = cast.supervisor, cast.broker
    assert centre_settings_for(session, VILLAGE) == USUAL
    centre = point_of(cast, CENTRE_AREA)
    with act_as(supervisor.actor) as act:
        set_centre_settings(act, centre.public_id, LOOSE, 0)
    assert centre_settings_for(session, VILLAGE) == LOOSE
    assert all_centre_settings(session).of(VILLAGE) == LOOSE
    assert centre_settings_for(session, ELSEWHERE) == centre_settings_for(session, None) == USUAL
    assert settings_of_centre(session, centre.id) == (LOOSE, 1)


def test_only_who_supervises_the_centre_sets_it(cast: Cast, act_as: OpenAct) -> None:
    supervisor, broker = cast.supervisor, cast.broker
    centre, station = point_of(cast, CENTRE_AREA), point_of(cast, STATION_AREA)
    for who, point in ((broker, centre), (supervisor, station)):
        with pytest.raises(NotFound), act_as(who.actor) as act:
            set_centre_settings(act, point.public_id, LOOSE, 0)


def test_the_slower_of_two_is_refused(cast: Cast, act_as: OpenAct) -> None:
    actor = cast.supervisor.actor
    public_id = point_of(cast, CENTRE_AREA).public_id
    with act_as(actor) as act:
        set_centre_settings(act, public_id, LOOSE, 0)
    with pytest.raises(Conflict), act_as(actor) as act:
        set_centre_settings(act, public_id, USUAL, 0)
    with act_as(actor) as act:
        set_centre_settings(act, public_id, USUAL, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (CentreSettings(lapse_days=0), "lapse_days"),
        (CentreSettings(caseload_limit=501), "caseload_limit"),
        (CentreSettings(lapse_days=3, reminder_days_before=3), "reminder_days_before"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    cast: Cast, act_as: OpenAct, values: CentreSettings, field: str
) -> None:
    actor = cast.supervisor.actor
    with pytest.raises(Invalid) as refused, act_as(actor) as act:
        set_centre_settings(act, point_of(cast, CENTRE_AREA).public_id, values, 0)
    assert list(refused.value.fields) == [field]


def test_the_page_keeps_what_was_typed(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, cast.supervisor)
    address = f"/points/{point_of(cast, CENTRE_AREA).public_id}/settings"
    assert 'value="14"' in client.get(address).text
    sent = {
        "lapse_days": "10", "reminder_days_before": "12", "escalate_claimed_days": "3",
        "escalate_answer_days": "3", "escalate_due_days": "14", "caseload_limit": "40",
        "settings_version": "0",
    }  # fmt: skip
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert 'value="12"' in answer.text
    assert client.post(address, data={**sent, "reminder_days_before": "2"}).status_code == 302
    assert 'value="40"' in client.get(address).text
    cast.sign_in(client, cast.broker)
    assert client.get(address).status_code == 403
