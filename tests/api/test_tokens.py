"""Tokens: shown once, kept as a hash, good for one organisation, and gone when taken back."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership
from exchange.accounts.tokens.models import ApiToken
from exchange.accounts.tokens.service import hash_of, revoke_token
from exchange.kernel.act import Act
from exchange.listings.importing import import_organisations
from tests.api.conftest import NEED, MakeProgram
from tests.cast import VILLAGE, Cast
from tests.conftest import SettableClock

ActAs = Callable[..., AbstractContextManager[Act]]
SECRET = re.compile(r"vre_[A-Za-z0-9_-]{43}")


def test_a_token_says_who_acts_and_for_whom(program: MakeProgram, cast: Cast) -> None:
    me = program(cast.officer).get("/me").get_json()
    assert me["name"] == "罗小满"
    assert me["organisation"]["name"] == cast.officer.organisation.name_zh
    assert me["scopes"] == ["read", "write"]
    assert len(me["organisations"]) == 2


def test_a_broker_reads_what_they_serve(program: MakeProgram, cast: Cast) -> None:
    assert program(cast.broker).get("/me").get_json()["serves"] == ["520422"]


def test_without_a_token_me_is_nobody(program: MakeProgram) -> None:
    answer = program().get("/me")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_needed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_refused_even_where_none_is_needed(program: MakeProgram) -> None:
    caller = program()
    long = "Bearer " + "y" * 999
    for header in ("Bearer vre_" + "x" * 43, "Bearer", "Basic YTpi", "vre_x", long):
        answer = caller.call("GET", "/categories", headers={"Authorization": header})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "token_invalid")


def test_a_token_taken_back_stops_at_once(program: MakeProgram, cast: Cast, act_as: ActAs) -> None:
    caller = program(cast.officer)
    assert caller.get("/me").status_code == 200
    officer = cast.officer.actor
    with act_as(officer) as act:
        revoke_token(act, act.session.get_one(ApiToken, caller.token_id))
    assert caller.get("/me").status_code == 401
    assert caller.post("/listings", NEED).status_code == 401


def test_a_token_ends_with_its_last_day(
    program: MakeProgram, cast: Cast, clock: SettableClock
) -> None:
    caller = program(cast.officer)
    clock.forward(days=29)
    assert caller.get("/me").status_code == 200
    clock.forward(days=1)
    assert caller.get("/me").status_code == 401


def test_a_token_is_no_good_once_its_person_has_left(
    program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.officer)
    member = session.query(Membership).filter_by(
        person_id=cast.officer.person_id, organisation_id=cast.officer.organisation_id
    )
    member.one().state = MembershipState.ENDED
    session.commit()
    assert caller.get("/me").status_code == 401


def test_a_reading_token_does_not_write(program: MakeProgram, cast: Cast) -> None:
    caller = program(cast.officer, may_write=False)
    assert caller.get("/me").status_code == 200
    answer = caller.post("/listings", NEED)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "token_read_only")


def test_a_cookie_counts_for_nothing(program: MakeProgram, cast: Cast) -> None:
    caller = program()
    cast.sign_in(caller.client, cast.officer)
    assert caller.get("/me").status_code == 401
    assert caller.post("/listings", NEED).status_code == 401


def test_only_the_hash_is_kept(program: MakeProgram, cast: Cast, session: Session) -> None:
    caller = program(cast.officer)
    token = session.get_one(ApiToken, caller.token_id)
    assert token.token_hash == hash_of(caller.token)
    assert caller.token not in str(vars(token))


def test_use_is_noted_once_a_minute(
    program: MakeProgram, cast: Cast, session: Session, clock: SettableClock
) -> None:
    caller, start = program(cast.officer), clock.now()
    for seconds, noted in ((0, 0), (30, 0), (31, 61)):
        clock.forward(seconds=seconds)
        caller.get("/me")
        session.rollback()
        used = session.get_one(ApiToken, caller.token_id).last_used_at
        assert used is not None
        assert (used - start).total_seconds() == noted


def test_the_page_shows_a_new_token_once(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    form = {
        "name": "清单同步",
        "organisation": cast.officer.organisation_id,
        "scope": "write",
        "days": "30",
    }
    made = client.post("/me/tokens", data=form)
    assert made.status_code == 201
    secret = SECRET.search(made.get_data(as_text=True))
    assert secret
    assert not SECRET.search(client.get("/me/tokens").get_data(as_text=True))
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret.group()}"})
    assert answer.get_json()["organisation"]["name"] == cast.officer.organisation.name_zh


def test_the_page_refuses_somebody_elses_organisation(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    form = {"name": "x", "organisation": cast.enterprise.organisation_id, "scope": "read"}
    answer = client.post("/me/tokens", data={**form, "days": "30"})
    assert answer.status_code == 422
    assert not SECRET.search(answer.get_data(as_text=True))


def test_the_page_takes_a_token_back(
    client: FlaskClient, program: MakeProgram, cast: Cast, session: Session
) -> None:
    caller = program(cast.officer)
    public_id = session.get_one(ApiToken, caller.token_id).public_id
    cast.sign_in(client, cast.stranger)
    assert client.post(f"/me/tokens/{public_id}/revoke").status_code == 404
    assert caller.get("/me").status_code == 200
    cast.sign_in(client, cast.officer)
    assert client.post(f"/me/tokens/{public_id}/revoke").status_code == 302
    assert caller.get("/me").status_code == 401


def test_nobody_sees_the_page_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/me/tokens").status_code == 302


def test_the_operator_makes_and_takes_back_tokens(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    runner = app.test_cli_runner()
    made = runner.invoke(
        args=["exchange", "token", "create", "--person", cast.officer.phone,
              "--organisation", cast.officer.organisation.name_zh, "--name", "import"]
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    header = {"Authorization": f"Bearer {made.stdout.strip()}"}
    assert client.get("/api/v1/me", headers=header).status_code == 200
    session.rollback()
    public_id = session.query(ApiToken).one().public_id
    assert runner.invoke(args=["exchange", "token", "revoke", public_id]).exit_code == 0
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_the_operator_makes_no_token_for_an_organisation_that_is_not_theirs(
    app: Flask, cast: Cast
) -> None:
    made = app.test_cli_runner().invoke(
        args=["exchange", "token", "create", "--person", cast.stranger.phone,
              "--organisation", cast.officer.organisation.name_zh, "--name", "x"]
    )  # fmt: skip
    assert made.exit_code != 0
    assert "not_your_organisation" in made.output


def test_the_operator_adds_a_member_to_organisations_from_a_file(
    app: Flask, cast: Cast, act_as: ActAs
) -> None:
    row = {"id": "G7", "name_zh": "刺梨合作社", "type": "cooperative", "division": VILLAGE}
    with act_as() as act:
        assert import_organisations(act, [row], verified=True).done == 1
    phone, runner = cast.stranger.phone, app.test_cli_runner()
    words = ["exchange", "add-member", "--person", phone, "--organisation", "G7"]
    assert runner.invoke(args=words).exit_code == 0
    assert runner.invoke(args=words).exit_code == 0
    actor = cast.make_actor(cast.stranger.person_id)
    assert len(actor.organisation_ids) == 2
    assert len(actor.manages) == 1
    assert runner.invoke(args=[*words[:-1], "G8"]).exit_code != 0
