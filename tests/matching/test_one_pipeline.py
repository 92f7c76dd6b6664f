"""What programs are told and what the evaluation measures come from one pipeline."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership, Organisation
from exchange.accounts.tokens.service import create_token
from exchange.geography.loading import load_divisions
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.kernel.settings import Settings
from exchange.listings.importing import import_organisations
from exchange.matching.cli import prepare, throwaway_site
from exchange.matching.evaluation.evaluating import (
    LICENCE,
    GradedSet,
    engine_scores,
    listing_ids,
    read_graded_set,
)
from exchange.search.jobs import ensure_index
from tests.cast import Cast
from tests.matching.conftest import TODAY

SET = Path(__file__).parent.parent / "data" / "matching-dev"
LOAN_OR_INSURANCE = ("funds.loan", "funds.insurance")
ActAs = Callable[..., AbstractContextManager[Act]]
Told = dict[str, list[tuple[str, float]]]


@pytest.fixture
def graded() -> GradedSet:
    return read_graded_set(SET)


def token_for_all(cast: Cast, act_as: ActAs, graded: GradedSet) -> str:
    """A token of one person who speaks for every organisation of the set."""
    officer = cast.officer
    person_id, organisation_id = officer.person_id, officer.organisation_id
    with act_as() as act:
        load_divisions(act.session.connection(), only_prefixes=graded.division_codes)
        assert not import_organisations(act, graded.organisations, verified=True).errors
        owners = sa.select(Organisation.id).where(Organisation.external_id.is_not(None))
        for owner_id in act.session.scalars(owners).all():
            act.session.add(
                Membership(
                    person_id=person_id, organisation_id=owner_id, role=Role.MANAGER,
                    state=MembershipState.ACTIVE, created_at=act.now,
                )
            )  # fmt: skip
        act.session.flush()
        made = create_token(act, person_id, organisation_id, "set", may_write=True, days=1)
        return made.secret


def told_by_the_api(app: Flask, token: str, graded: GradedSet, run_jobs: Callable[[], int]) -> Told:
    """Post the set, offers and needs mixed and the last first, with the worker in between."""
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def post(row: dict[str, Any]) -> str:
        licence = {"licence": LICENCE} if row["category"] in LOAN_OR_INSURANCE else {}
        answer = client.post("/api/v1/listings", json=row | licence, headers=headers)
        assert answer.status_code == 201, answer.text
        assert answer.json["state"] in ("published", "expired")
        return str(answer.json["id"])

    rows = sorted((*graded.needs, *graded.offers), key=lambda row: row["id"][::-1], reverse=True)
    ids: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        ids[row["id"]] = post(row)
        if number % 100 == 0:
            run_jobs()
    run_jobs()
    told: Told = {}
    for row in graded.needs:
        path = f"/api/v1/listings/{ids[row['id']]}/suggestions?limit=20"
        items = client.get(path, headers=headers).json["items"]
        told[row["id"]] = [(each["listing"]["external_id"], each["score"]) for each in items]
    return told


def measured(settings: Settings, graded: GradedSet) -> Told:
    """The rankings that ``matching evaluate`` takes its figures from."""
    frozen = replace(settings, now="2026-11-22T08:00:00+00:00")
    with throwaway_site(frozen) as app:
        prepare(app, graded)
        with app.app_context():
            session: Session = app.extensions["exchange.jobs"].read()
            ids = listing_ids(session)
            names = {value: key for key, value in ids.items()}
            needs = [row["id"] for row in graded.needs]
            found = engine_scores(session, ids, names, needs, TODAY)
            return {need: list(scores.items()) for need, scores in found.items()}


@pytest.mark.slow
def test_the_api_tells_what_the_evaluation_measures(
    app: Flask,
    settings: Settings,
    cast: Cast,
    act_as: ActAs,
    graded: GradedSet,
    run_jobs: Callable[[], int],
) -> None:
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    token = token_for_all(cast, act_as, graded)
    told = told_by_the_api(app, token, graded, run_jobs)
    expected = measured(settings, graded)
    assert set(told) == set(expected)
    for need, pairs in expected.items():
        assert dict(told[need]) == pytest.approx(dict(pairs)), need
        by_score = {score for _, score in pairs}
        ties = len(by_score) < len(pairs)
        assert ties or [key for key, _ in told[need]] == [key for key, _ in pairs], need
    assert sum(map(len, expected.values())) > 200
