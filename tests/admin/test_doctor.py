"""The doctor finds each trouble, made for real, and says what to do; a sound site passes."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask_migrate import stamp

from exchange.accounts.models import Person
from exchange.admin.configuration import judge_settings
from exchange.admin.doctor import (
    FolderFacts,
    Grade,
    SuggestionFacts,
    judge_clock,
    judge_encoder,
    judge_folder,
    judge_migrations,
    judge_space,
    judge_suggestions,
    worst,
)
from exchange.jobs.models import OutboxJob
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.clock import SystemClock
from exchange.kernel.commands import exchange_commands
from exchange.kernel.database import db
from exchange.kernel.settings import Settings, new_key
from exchange.listings.jobs import expire_listings
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from exchange.search import wiring
from exchange.search.jobs import ensure_index
from tests.cast import Cast
from tests.conftest import START, MakeApp, SettableClock
from tests.factories import make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


def look(app: Flask, *, status: int | None = None) -> dict[str, dict[str, str]]:
    """The doctor's findings by check; the gravest where a check says several things."""
    with app.app_context():
        answer = CliRunner().invoke(exchange_commands, ["doctor", "--json"], catch_exceptions=False)
        db.session.remove()
    told = json.loads(answer.stdout)
    assert answer.exit_code == (1 if told["status"] == "trouble" else 0)
    assert status is None or answer.exit_code == status
    order = list(Grade)
    checks = sorted(told["checks"], key=lambda each: order.index(each["grade"]))
    for each in checks:
        assert each["sentence"]
        assert bool(each["advice"]) == (each["grade"] != "ok")
    return {each["check"]: each for each in checks}


def grade(findings: dict[str, dict[str, str]], check: str) -> str:
    return findings[check]["grade"]


@pytest.fixture
def site(app: Flask) -> Flask:
    """A site that is up to date, with an index."""
    with app.app_context():
        stamp()
        ensure_index(app.extensions["exchange.jobs"])
    return app


@pytest.fixture
def on_sqlite(settings: Settings, tmp_path: Path, make_app: MakeApp) -> Iterator[Flask]:
    """A site on a SQLite file of its own, whatever the other tests run on."""
    made = make_app(replace(settings, database_url="", data_dir=tmp_path / "own"), SystemClock())
    (tmp_path / "own").mkdir()
    with made.app_context():
        db.metadata.create_all(db.engine)
        db.session.remove()
        yield made


def test_a_sound_site_has_no_trouble(settings: Settings, site: Flask) -> None:
    site.extensions["exchange"].__dict__["clock"] = SystemClock()
    findings = look(site, status=0)
    assert {name for name, each in findings.items() if each["grade"] != "ok"} == {
        "divisions",  # tests load one province
        "encoder",  # tests use the quick one
    }


def test_the_plain_answer_says_what_to_do(app: Flask) -> None:
    with app.app_context():
        answer = CliRunner().invoke(exchange_commands, ["doctor"], catch_exceptions=False)
    assert answer.exit_code == 1
    assert "TROUBLE search index: The search index cannot be used (missing)." in answer.stdout
    assert "→ flask --app wsgi exchange reindex" in answer.stdout


def test_a_database_without_migrations_is_found(app: Flask) -> None:
    findings = look(app, status=1)
    assert grade(findings, "migrations") == "trouble"
    assert findings["migrations"]["advice"].endswith("prepare")


def test_tables_of_a_newer_program_are_told_apart() -> None:
    said = judge_migrations(frozenset({"later"}), frozenset({"now"}))
    assert said.grade is Grade.TROUBLE
    assert "does not know" in said.sentence


def test_a_missing_database_file_is_found_and_not_made(on_sqlite: Flask, tmp_path: Path) -> None:
    file = tmp_path / "own" / "exchange.db"
    db.engine.dispose()
    for each in (tmp_path / "own").glob("exchange.db*"):
        each.unlink()
    findings = look(on_sqlite, status=1)
    assert grade(findings, "database") == "trouble"
    assert "migrations" not in findings
    assert not file.exists()


def test_a_database_server_that_is_away_is_found(
    settings: Settings, make_app: MakeApp
) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    findings = look(make_app(replace(settings, database_url=away)), status=1)
    assert grade(findings, "database") == "trouble"


def test_a_damaged_file_is_found(on_sqlite: Flask, tmp_path: Path) -> None:
    file = tmp_path / "own" / "exchange.db"
    db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.session.remove()
    db.engine.dispose()
    with file.open("r+b") as opened:
        opened.seek(4096 * 3)
        opened.write(b"\xff" * 4096 * 3)
    findings = look(on_sqlite, status=1)
    assert grade(findings, "integrity") == "trouble"
    assert "backup" in findings["integrity"]["advice"]


def test_a_row_that_refers_to_nothing_is_found(on_sqlite: Flask, tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "own" / "exchange.db")
    plain.execute("INSERT INTO listing_coverage (listing_id, prefix) VALUES (404, '5204')")
    plain.commit()
    plain.close()
    assert grade(look(on_sqlite, status=1), "references") == "trouble"


def test_a_journal_that_is_not_wal_is_found(settings: Settings, make_app: MakeApp) -> None:
    in_memory = make_app(replace(settings, database_url="sqlite://"))
    findings = look(in_memory, status=1)
    assert grade(findings, "journal") == "trouble"
    assert grade(findings, "migrations") == "trouble"
    assert "divisions" not in findings


@pytest.mark.slow
def test_missing_divisions_are_found(site: Flask, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM division")
    assert grade(look(site, status=1), "divisions") == "trouble"


def test_an_index_that_lost_documents_is_found(site: Flask, cast: Cast) -> None:
    make_listing(site.extensions["exchange"], cast.officer, Side.NEED, title="修两座烤房")
    findings = look(site, status=1)
    assert grade(findings, "search index") == "trouble"
    assert "0 of 1 documents" in findings["search index"]["sentence"]


def test_an_index_that_the_worker_will_catch_up_is_no_trouble(
    site: Flask, cast: Cast, act_as: ActAs
) -> None:
    make_listing(site.extensions["exchange"], cast.officer, Side.NEED, title="修两座烤房")
    with act_as() as act:
        enqueue(act, expire_listings)
    assert grade(look(site), "search index") == "attention"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "ok"), (120, "attention"), (3600, "trouble")]
)
def test_work_that_waits_is_found(
    site: Flask,
    clock: SettableClock,
    act_as: ActAs,
    seconds: int,
    expected: str,
) -> None:
    with act_as() as act:
        enqueue(act, expire_listings)
    clock.forward(seconds=seconds)
    assert grade(look(site), "worker") == expected


def test_work_that_was_given_up_is_found(site: Flask, act_as: ActAs) -> None:
    with act_as() as act:
        act.session.add(
            OutboxJob(
                name="search.index", payload={}, created_at=act.now, run_after=act.now,
                attempts=6, failed_at=act.now,
            )
        )  # fmt: skip
    findings = look(site, status=1)
    assert findings["failed jobs"]["sentence"] == "1 jobs were given up (search.index)."
    assert "exchange jobs retry" in findings["failed jobs"]["advice"]


def test_work_that_was_put_off_is_to_be_looked_at(site: Flask, act_as: ActAs) -> None:
    with act_as() as act:
        act.session.add(
            OutboxJob(
                name="notifications.deliver", payload={}, created_at=act.now,
                run_after=act.now + timedelta(hours=1), attempts=1, error="NotSent: no answer",
            )
        )  # fmt: skip
    findings = look(site)
    assert findings["jobs put off"]["sentence"] == "1 jobs failed and are tried again later."
    assert findings["jobs put off"]["grade"] == "attention"


def test_open_listings_without_any_suggestion_are_found(site: Flask, cast: Cast) -> None:
    made = site.extensions["exchange"]
    make_listing(made, cast.officer, Side.NEED, title="修两座烤房")
    assert grade(look(site), "suggestions") == "attention"
    make_listing(made, cast.enterprise, Side.OFFER, title="检修烤房")
    assert grade(look(site), "suggestions") == "trouble"


def test_suggestions_of_another_engine_are_found(site: Flask, cast: Cast, act_as: ActAs) -> None:
    made = site.extensions["exchange"]
    need = make_listing(made, cast.officer, Side.NEED, title="修两座烤房")
    offer = make_listing(made, cast.enterprise, Side.OFFER, title="检修烤房")
    need_id, offer_id = need.id, offer.id
    with site.app_context():
        CliRunner().invoke(exchange_commands, ["rematch"], catch_exceptions=False)
        db.session.remove()
    with act_as() as act:
        act.session.execute(sa.delete(Suggestion))
        act.session.add(
            Suggestion(
                need_id=need_id, offer_id=offer_id, score_micro=600_000, reasons=[],
                engine="of last year", computed_at=act.now,
            )
        )  # fmt: skip
    findings = look(site)
    assert grade(findings, "suggestions") == "attention"
    assert findings["suggestions"]["advice"].endswith("rematch")


def test_nothing_to_compare_is_no_trouble() -> None:
    assert judge_suggestions(SuggestionFacts(3, 0, 0, 0, 0)).grade is Grade.OK


def test_listings_that_the_worker_will_compare_are_no_trouble() -> None:
    fresh = SuggestionFacts(3, 3, 6, 0, 0, jobs_waiting=6)
    assert judge_suggestions(fresh).grade is Grade.ATTENTION


def test_an_encoder_without_its_limit_is_found() -> None:
    assert judge_encoder("usem", limited=False).grade is Grade.TROUBLE
    assert judge_encoder("usem", limited=True).grade is Grade.OK


def test_keys_of_another_site_are_found(
    settings: Settings, site: Flask, cast: Cast, make_app: MakeApp
) -> None:
    assert cast.officer.person_id
    assert grade(look(site), "keys") == "ok"
    other = make_app(replace(settings, encryption_keys=f"k1:{new_key()}"))
    findings = look(other, status=1)
    assert grade(findings, "keys") == "trouble"


def production(settings: Settings, **changes: object) -> Settings:
    """Settings that are fit for real use, but for the changes."""
    fit = replace(
        settings, env="production", base_url="https://exchange.example", trusted_proxies=1,
        mail_url="smtp://mail.example:587", encoder="usem",
    )  # fmt: skip
    return replace(fit, **changes)


@pytest.mark.parametrize(
    ("changes", "check", "expected"),
    [
        ({}, "configuration", "ok"),
        ({"secret_key": "secret"}, "configuration", "trouble"),
        ({"secret_key": "a" * 64}, "configuration", "trouble"),
        ({"now": "2026-11-22"}, "configuration", "trouble"),
        ({"encoder": "hash"}, "configuration", "trouble"),
        ({"base_url": "http://exchange.example"}, "address", "trouble"),
        ({"mail_url": "file:"}, "e-mail", "trouble"),
        ({"trusted_proxies": 0}, "proxy", "attention"),
        ({"sms_url": "file:"}, "short messages", "attention"),
    ],
)
def test_settings_unfit_for_real_use_are_found(
    settings: Settings, changes: dict[str, object], check: str, expected: str
) -> None:
    chosen = production(settings, **changes)
    findings = {each.check: each for each in judge_settings(chosen, secure_cookies=True)}
    assert findings[check].grade == expected


def test_cookies_without_tls_are_found(settings: Settings) -> None:
    careless = judge_settings(production(settings), secure_cookies=False)
    assert worst(careless) is Grade.TROUBLE
    behind_tls = replace(settings, base_url="https://exchange.example")
    assert worst(judge_settings(behind_tls, secure_cookies=False)) is Grade.ATTENTION


def test_demonstration_accounts_are_trouble_in_production(
    settings: Settings, site: Flask, cast: Cast, act_as: ActAs, make_app: MakeApp
) -> None:
    officer_id = cast.officer.person_id
    with act_as() as act:
        act.session.get_one(Person, officer_id).is_demonstration = True
    assert grade(look(site), "demonstration accounts") == "attention"
    real = make_app(production(settings))
    assert grade(look(real, status=1), "demonstration accounts") == "trouble"


def test_secrets_that_others_can_read_are_found(site: Flask, settings: Settings) -> None:
    kept = settings.data_dir / "secrets.json"
    kept.write_text("{}", encoding="utf-8")
    kept.chmod(0o600)
    assert grade(look(site), "data folder") == "ok"
    kept.chmod(0o644)
    assert grade(look(site, status=1), "data folder") == "trouble"


def test_a_data_folder_open_to_everybody_is_found_in_production() -> None:
    facts = FolderFacts(is_folder=True, is_writable=True, mode=0o755, secrets_mode=None)
    assert worst(judge_folder(facts, production=True)) is Grade.ATTENTION
    assert worst(judge_folder(facts, production=False)) is Grade.OK
    closed = replace(facts, is_writable=False)
    assert worst(judge_folder(closed, production=False)) is Grade.TROUBLE


def test_a_missing_data_folder_is_found(
    settings: Settings, tmp_path: Path, make_app: MakeApp
) -> None:
    lost = make_app(replace(settings, data_dir=tmp_path / "lost"))
    assert grade(look(lost, status=1), "data folder") == "trouble"


@pytest.mark.parametrize(
    ("free", "expected"), [(10**11, Grade.OK), (5 * 10**8, Grade.ATTENTION), (0, Grade.TROUBLE)]
)
def test_a_full_disk_is_found(free: int, expected: Grade) -> None:
    assert judge_space(free).grade is expected


def test_a_clock_that_went_back_is_found(
    site: Flask, clock: SettableClock, cast: Cast, act_as: ActAs
) -> None:
    made = make_listing(site.extensions["exchange"], cast.officer, Side.NEED, title="修烤房")
    listing_id = made.id
    with act_as() as act:
        act.session.get_one(Listing, listing_id).updated_at = act.now
    clock.forward(days=-2)
    assert grade(look(site, status=1), "clock") == "trouble"


def test_a_clock_that_differs_from_the_servers_is_found() -> None:
    assert judge_clock(START, None, START + timedelta(seconds=2)).grade is Grade.OK
    assert judge_clock(START, None, START - timedelta(seconds=30)).grade is Grade.ATTENTION
    assert judge_clock(START, None, START + timedelta(hours=8)).grade is Grade.TROUBLE


def test_an_engine_that_is_not_installed_is_trouble(
    site: Flask, settings: Settings, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "TANTIVY_IS_INSTALLED", False)
    findings = look(make_app(replace(settings, search_url="tantivy:"), SettableClock()))
    assert grade(findings, "search index") == "trouble"
    assert "optional extra" in findings["search index"]["sentence"]
