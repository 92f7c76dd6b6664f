"""Nothing personal stands in clear in the audit, whatever the whole city does."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation, Person, ServicePoint, VerificationRequest
from exchange.accounts.rules import AddressKind
from exchange.accounts.sealing import open_address
from exchange.admin.loading import load_city
from exchange.audit.models import AuditConcern, AuditEntry, PersonDataKey
from exchange.audit.verifying import Verified
from exchange.brokering.models import Match, MatchSide, Outcome
from exchange.geography.loading import load_divisions
from exchange.kernel.act import House
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking
from tests.admin.test_demonstration import PROVINCES
from tests.audit.chain import problems, seal
from tests.conftest import SettableClock

pytestmark = pytest.mark.slow
TEXTS = (
    Person.name, Organisation.name_zh, Organisation.profile, Listing.title, Listing.text,
    Listing.public_title, Match.message, Match.close_note, MatchSide.note, MatchSide.proxy_note,
    Outcome.text, Outcome.evaluation, VerificationRequest.evidence, Undertaking.name,
)  # fmt: skip


def test_the_city_leaves_no_name_number_or_text_in_clear(
    app: Flask, house: House, session: Session, clock: SettableClock, engine: sa.Engine
) -> None:
    clock.forward(days=400)
    with engine.begin() as connection:
        load_divisions(connection, only_prefixes=PROVINCES)
    with app.app_context():
        load_city(house, lambda _done, _total: None)
    seal(app)
    told = Verified()
    assert problems(app, told=told) == []
    secrets = {text for column in TEXTS for text in session.scalars(sa.select(column)) if text}
    for person in session.scalars(sa.select(Person)):
        for kind in AddressKind:
            secrets.add(open_address(house.secrets, person, kind) or "")
    offices = set(session.scalars(sa.select(ServicePoint.name_zh)))  # public, of nobody
    secrets = {text for text in secrets - offices if len(text) > 1}
    assert len(secrets) > 500
    rows = session.scalars(sa.select(AuditEntry)).all()
    written = [
        json.dumps([row.origin, row.details, row.changes], ensure_ascii=False) for row in rows
    ]
    whole = "\n".join(written)
    assert [text for text in secrets if text in whole] == []
    assert told.entries == len(rows) > 300
    changes = [change for row in rows for change in row.changes]
    assert sum("sealed" in change for change in changes) > 50
    # Most listings of the city were written by nobody in particular: there is no key for them.
    assert sum("sealed" in change or "withheld" in change for change in changes) > 200
    assert len(session.scalars(sa.select(PersonDataKey.person_id)).all()) > 10
    some = sa.select(sa.func.count(sa.distinct(AuditConcern.entry_id)))
    assert (session.scalar(some) or 0) > 0.9 * len(rows)
