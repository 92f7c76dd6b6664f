"""Deciding about organisations in tests, as the page of a request does."""

import re
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from stdnum.cn import uscc

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import VerificationRequest
from exchange.accounts.verification.kinds import Check
from exchange.kernel.actor import Role
from tests.cast import VILLAGE, Cast, Player

_numbers = count(1)


def new_code() -> str:
    """A credit code that nobody has, with its check digit."""
    body = f"9152042{next(_numbers):010d}"
    return body + str(uscc.calc_check_digit(body))


def yes(**changes: object) -> dict[str, object]:
    """A yes with every point looked at, for an organisation that has a credit code."""
    checks = [Check.CODE.value, Check.PLACE.value, Check.SPEAKER.value]
    form = {"answer": "grant", "reason": "", "checked": checks, "credit_code": new_code()}
    return form | changes


def read(client: FlaskClient, address: str, form: dict[str, object]) -> dict[str, object]:
    """The form with the version that stands on the page."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found is not None
    return form | {"version": found[1]}


def asking(cast: Cast, kind: str = "cooperative", place: str = VILLAGE) -> Player:
    made = cast.make_organisation(OrganisationKind(kind), f"待核单位{kind}", place)
    return cast.make_player("管事的", place, made, Role.MANAGER)


def ask(app: Flask, cast: Cast, who: Player, **form: Any) -> str:
    """Ask through the door; the address of the request in the queue."""
    client = app.test_client()
    cast.sign_in(client, who)
    address = f"/organisations/{who.organisation.public_id}/verification"
    data = {"evidence": "可以打村委会电话核实"} | form
    answer = client.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    cast.session.commit()
    newest = sa.select(VerificationRequest).order_by(VerificationRequest.id.desc())
    request = cast.session.scalars(newest).first()
    assert request is not None
    return f"/verification/{request.public_id}"


def grant(client: FlaskClient, cast: Cast, address: str, **changes: object) -> None:
    cast.sign_in(client, cast.broker)
    answer = client.post(address, data=read(client, address, yes(**changes)))
    assert answer.status_code == 302, answer.text
    cast.session.commit()
