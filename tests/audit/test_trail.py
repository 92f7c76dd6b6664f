"""Every act leaves an entry in its own transaction, with ids and without personal values."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.events import PhoneConfirmed
from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act
from tests.cast import Cast

OpenAct = Callable[..., AbstractContextManager[Act]]


def test_entry_says_who_for_whom_what_and_when(
    app: Flask, session: Session, act_as: OpenAct
) -> None:
    officer = Cast(app, session).officer
    with act_as(officer.actor) as act:
        act.emit(PhoneConfirmed(person_id=officer.person_id))
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.event, entry.details) == ("PhoneConfirmed", {"person_id": officer.person_id})
    assert (entry.person_id, entry.organisation_id) == (officer.person_id, officer.organisation_id)
    assert entry.at == act.now


def test_act_that_fails_leaves_no_entry(app: Flask, session: Session, act_as: OpenAct) -> None:
    officer = Cast(app, session).officer

    def break_off() -> None:
        with act_as(officer.actor) as act:
            act.emit(PhoneConfirmed(person_id=officer.person_id))
            raise RuntimeError("the act breaks off")

    with pytest.raises(RuntimeError):
        break_off()
    assert session.scalars(sa.select(AuditEntry)).all() == []


def test_sign_up_leaves_entries_without_name_or_number(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    assert Cast(app, session).house
    values = {"address": "19911112222", "name": "石小榴", "password": "mountain-tea-77"}
    place = {"division": "520422102243", "division_text": "", "purpose": "myself"}
    client.post("/sign-up", data={**values, **place})
    entries = session.scalars(sa.select(AuditEntry)).all()
    assert "PersonSignedUp" in {entry.event for entry in entries}
    written = json.dumps([entry.details for entry in entries], ensure_ascii=False)
    assert "19911112222" not in written
    assert "石小榴" not in written
