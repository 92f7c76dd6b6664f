"""Taking over organisations and listings: row by row, again and again."""

import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from exchange.accounts.models import Organisation
from exchange.kernel.commands import exchange_commands
from exchange.kernel.errors import Forbidden
from exchange.listings.importing import import_listings, import_organisations
from exchange.listings.kinds import Door, State, Urgency
from exchange.listings.models import Listing
from tests.cast import Cast

OWNER = {
    "id": "G1", "name_zh": "焦家村村委会", "name_en": "Jiaojia", "type": "village_committee",
    "division": "520422102243", "profile": "",
}  # fmt: skip
NEED = {
    "id": "N1", "side": "need", "organisation": "G1", "title": "修两座烤房",
    "text": "两座烤房坏了。",
    "category": "equipment.processing", "division": "520422102243", "quantity": 2.5, "unit": "吨",
    "terms": "subsidised", "serves": None, "from_date": None, "to_date": "2027-01-31",
    "urgency": "critical", "beneficiaries": ["general"], "lang": "zh",
}  # fmt: skip


def listings(session):
    session.rollback()
    return session.scalars(sa.select(Listing)).all()


@pytest.fixture
def owner(act_as):
    with act_as() as act:
        assert import_organisations(act, [OWNER], verified=True).errors == []


def test_rows_become_listings_with_every_field(owner, act_as, session):
    with act_as() as act:
        report = import_listings(act, [NEED])
    assert (report.done, report.errors) == (1, [])
    [found] = listings(session)
    assert found.state is State.PUBLISHED
    assert found.external_id == "N1"
    assert found.quantity_milli == 2500
    assert found.urgency is Urgency.CRITICAL
    assert found.to_date.isoformat() == "2027-01-31"


def test_importing_again_updates_and_doubles_nothing(owner, act_as, session):
    for title in ("修两座烤房", "修三座烤房"):
        with act_as() as act:
            import_organisations(act, [OWNER | {"name_en": title}], verified=True)
            import_listings(act, [NEED | {"title": title}])
    [found] = listings(session)
    assert found.title == "修三座烤房"
    [organisation] = session.scalars(sa.select(Organisation)).all()
    assert organisation.name_en == "修三座烤房"
    assert organisation.is_verified


@pytest.mark.parametrize(("again", "stays"), [(False, False), (True, True)])
def test_another_identity_is_verified_anew(act_as, session, again, stays):
    with act_as() as act:
        import_organisations(act, [OWNER], verified=True)
        import_organisations(act, [OWNER], verified=False)
    [organisation] = session.scalars(sa.select(Organisation)).all()
    assert organisation.is_verified
    session.rollback()
    with act_as() as act:
        import_organisations(act, [OWNER | {"type": "company"}], verified=again)
    assert session.scalars(sa.select(Organisation)).one().is_verified is stays


@pytest.mark.parametrize("content", [b"[{", b"\xff\xfe{}"])
def test_command_names_a_file_that_cannot_be_read(app, tmp_path, content):
    (tmp_path / "needs.json").write_bytes(content)
    with app.app_context():
        answer = CliRunner().invoke(exchange_commands, ["import", str(tmp_path)])
    assert answer.exit_code == 1
    assert "needs.json cannot be read" in answer.output


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"organisation": "G9"}, "organisation"),
        ({"side": "both"}, "side"),
        ({"quantity": "many"}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"to_date": "tomorrow"}, "to_date"),
        ({"terms": "barter"}, "terms"),
        ({"title": 7}, "title"),
        ({"serves": "5204"}, "serves"),
        ({"category": "nothing.at.all"}, "category_code"),
        ({"division": "990000"}, "division_code"),
        ({"id": ""}, "id"),
    ],
)
def test_bad_row_is_reported_by_field_and_stops_no_other(owner, act_as, session, wrong, field):
    with act_as() as act:
        report = import_listings(act, [NEED | {"id": "N0"} | wrong, NEED])
    assert report.done == 1
    [error] = report.errors
    assert field in error.fields
    assert [item.external_id for item in listings(session)] == ["N1"]


def test_listing_of_the_past_is_taken_over_as_expired(owner, act_as, session):
    with act_as() as act:
        assert import_listings(act, [NEED | {"to_date": "2026-11-01"}]).errors == []
    assert listings(session)[0].state is State.EXPIRED


def test_produce_for_sale_comes_through_its_own_door(owner, act_as, session):
    with act_as() as act:
        import_listings(act, [NEED | {"category": "market.purchase"}])
    assert listings(session)[0].door is Door.SELL


def test_only_the_system_imports(app, session, act_as):
    officer = Cast(app, session).officer.actor
    with pytest.raises(Forbidden), act_as(officer) as act:
        import_listings(act, [NEED])
    with pytest.raises(Forbidden), act_as(officer) as act:
        import_organisations(act, [OWNER])


def test_command_takes_over_a_folder_and_reports_each_bad_row(app, tmp_path, session):
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "organisations.jsonl").write_text(json.dumps(OWNER), encoding="utf-8")
    lines = [json.dumps(NEED), json.dumps(NEED | {"id": "N2", "terms": "barter"}), "{broken"]
    (folder / "needs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with app.app_context():
        answer = CliRunner().invoke(exchange_commands, ["import", str(folder), "--verified"])
    assert answer.exit_code == 1
    assert "2 taken over, 2 refused" in answer.output
    assert "N2: terms: unknown_choice" in answer.output
    assert [item.external_id for item in listings(session)] == ["N1"]


def test_command_without_files_says_what_it_looks_for(app, tmp_path):
    with app.app_context():
        answer = CliRunner().invoke(exchange_commands, ["import", str(tmp_path)])
    assert answer.exit_code == 1
    assert "organisations.jsonl" in answer.output
