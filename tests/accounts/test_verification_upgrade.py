"""Upgrading a site whose organisations were verified before verifications had a last day."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from exchange.kernel.database import db
from tests.test_migrations import empty as empty  # noqa: PLC0414 - the fixture of an empty site

BEFORE = "f5a90c37d812"
LONG_AGO = datetime(2020, 5, 1, tzinfo=UTC)


def test_decisions_become_the_record_and_nobody_lapses_at_once(empty: Flask) -> None:
    upgrade(revision=BEFORE)
    meta = sa.MetaData()
    with db.engine.begin() as connection:
        person, organisation, request = (
            sa.Table(name, meta, autoload_with=connection)
            for name in ("person", "organisation", "verification_request")
        )
        connection.execute(person.insert().values(
            id=1, public_id="p1", name="韦青", session_epoch=0, locale="zh", is_operator=False,
            is_demonstration=False, created_at=LONG_AGO,
        ))
        for number, (kind, state, at) in enumerate((
            ("company", "verified", LONG_AGO), ("company", "verified", datetime.now(UTC)),
            ("social_work_station", "verified", LONG_AGO), ("company", "suspended", None),
            ("company", "submitted", None),
        ), 1):
            connection.execute(organisation.insert().values(
                id=number, public_id=f"o{number}", kind=kind, name_zh="单位", name_en="",
                division_code="520422", profile="", verification=state, verified_at=at,
                is_demonstration=False, created_at=LONG_AGO, updated_at=LONG_AGO,
            ))
        for number, (owner, evidence, granted) in enumerate((
            (1, "打电话核实", True), (4, "", False), (5, "打电话核实", None), (5, "再核实", None),
        ), 1):
            decided = None if granted is None else LONG_AGO
            connection.execute(request.insert().values(
                id=number, public_id=f"r{number}", organisation_id=owner, evidence=evidence,
                asked_by_id=1, asked_at=LONG_AGO, decided_at=decided, granted=granted,
                decided_by_id=None if granted is None else 1, reason="",
            ))
    upgrade()
    with db.engine.connect() as connection:
        last = connection.exec_driver_sql("SELECT verified_until FROM organisation ORDER BY id")
        days = [row[0] and date.fromisoformat(str(row[0])) for row in last]
        kinds = connection.exec_driver_sql("SELECT kind FROM verification_decision ORDER BY id")
        waiting = connection.exec_driver_sql(
            "SELECT id FROM verification_request WHERE decided_at IS NULL"
        )
        assert [row[0] for row in kinds] == ["granted", "suspended"]
        assert [row[0] for row in waiting] == [4]
    today = datetime.now(UTC).date()
    assert days[0] is not None
    assert days[1] is not None
    assert abs((days[0] - today - timedelta(days=90)).days) <= 1
    assert (days[1] - today).days > 700
    assert days[2:] == [None, None, None]
