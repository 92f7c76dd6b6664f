"""The life of a verification: files, claims, more wanted, expiry, renewal, suspension, record."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from exchange.accounts.events import VerificationExpiresSoon, VerificationLapsed
from exchange.accounts.kinds import PointLevel, Verification
from exchange.accounts.models import Organisation
from exchange.accounts.verification.jobs import keep_verifications
from exchange.accounts.verification.kinds import Check, DecisionKind, Ruling
from exchange.accounts.verification.models import VerificationDecision, VerificationFile
from exchange.accounts.verification.renewal_service import (
    forget_old_evidence,
    lapse_due,
    remind_of_renewal,
)
from exchange.accounts.verification.service import Answer, decide_request
from exchange.accounts.verification.suspension_service import suspend_organisation
from exchange.files.models import StoredFile
from exchange.jobs.runner import JobRun
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import ExchangeError
from exchange.kernel.events import Event
from exchange.notifications.models import Notice
from tests.accounts.verifying import ask, asking, grant, new_code, read, yes
from tests.cast import ELSEWHERE, VILLAGE, Cast, Player
from tests.conftest import SettableClock
from tests.files.test_documents import pdf

ActAs = Callable[..., AbstractContextManager[Act]]
GRANT = frozenset({Check.CODE, Check.PLACE, Check.SPEAKER, Check.LICENCE})


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    out.seek(0)
    return out


def told(session: Session, who: Player) -> list[str]:
    session.rollback()
    query = sa.select(Notice.code).where(Notice.person_id == who.person_id).order_by(Notice.id)
    return list(session.scalars(query))


def record(session: Session, who: Player) -> list[DecisionKind]:
    session.rollback()
    query = sa.select(VerificationDecision.kind).where(
        VerificationDecision.organisation_id == who.organisation_id
    )
    return list(session.scalars(query.order_by(VerificationDecision.id)))


def test_yes_needs_the_whole_checklist_and_the_code(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    who = asking(cast)
    address = ask(app, cast, who)
    cast.sign_in(client, cast.broker)
    for wrong in ({"checked": ["code", "place"]}, {"credit_code": ""}, {"credit_code": "1" * 18}):
        assert client.post(address, data=read(client, address, yes(**wrong))).status_code == 422
    grant(client, cast, address)
    cast.session.commit()
    assert who.organisation.is_verified
    assert who.organisation.verified_until == date(2028, 11, 22)


def test_files_are_for_managers_and_deciders_alone(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    who = asking(cast)
    sent = [(picture(), "登记证.jpg"), (io.BytesIO(pdf()), "证明.pdf")]
    address = ask(app, cast, who, files=sent)
    member = cast.make_player("成员", VILLAGE, who.organisation, Role.MEMBER)
    far = cast.make_worker("远站", "毕节社工站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    session.rollback()
    photo, document = session.scalars(sa.select(StoredFile).order_by(StoredFile.id)).all()
    places = [f"/files/{one.public_id}/full" for one in (photo, document)]
    for person, status in (
        (who, 200), (cast.broker, 200), (cast.supervisor, 200), (member, 404), (far, 404),
        (cast.stranger, 404),
    ):  # fmt: skip
        cast.sign_in(client, person)
        assert [client.get(place).status_code for place in places] == [status, status]
    cast.sign_out(client)
    assert client.get(places[0]).status_code == 404
    cast.sign_in(client, cast.broker)
    page = client.get(address).text
    assert all(place in page for place in places)
    answer = client.get(places[1])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{document.public_id}/thumb").status_code == 404


def test_bad_or_too_many_files_are_refused_beside_the_field(
    client: FlaskClient, cast: Cast
) -> None:
    who = asking(cast)
    cast.sign_in(client, who)
    address = f"/organisations/{who.organisation.public_id}/verification"
    for files in (
        [(io.BytesIO(pdf(b"/JavaScript 1")), "a.pdf")],
        [(io.BytesIO(b"not a picture"), "a.jpg")],
        [(picture(), f"{number}.jpg") for number in range(7)],
    ):
        answer = client.post(
            address, data={"evidence": "打电话核实即可", "files": files},
            content_type="multipart/form-data",
        )  # fmt: skip
        assert answer.status_code == 422
        assert "打电话核实即可" in answer.text
        assert 'id="files-error"' in answer.text
    assert who.organisation.verification is Verification.UNVERIFIED


def test_one_who_is_asked_for_more_answers_and_comes_back(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    who = asking(cast)
    address = ask(app, cast, who, files=[(picture(), "a.jpg")])
    cast.sign_in(client, cast.broker)
    more = {"answer": "more", "reason": "请补一张盖章的证明"}
    assert client.post(address, data=read(client, address, more)).status_code == 302
    assert address not in client.get("/verification").text
    assert address in client.get("/verification?show=theirs").text
    assert "verification_more_wanted" in told(session, who)
    session.rollback()
    old = session.scalars(sa.select(StoredFile.public_id)).one()
    cast.sign_in(client, who)
    asked = client.get(f"/organisations/{who.organisation.public_id}/verification").text
    assert "请补一张盖章的证明" in asked
    assert "可以打村委会电话核实" in asked
    ask(app, cast, who, files=[(picture(), "b.jpg")], drop=[old])
    assert session.scalars(sa.select(StoredFile.public_id)).one() != old
    assert "verification_answered" in told(session, cast.broker)
    cast.sign_in(client, cast.broker)
    assert address in client.get("/verification").text
    grant(client, cast, address)
    assert record(session, who) == [DecisionKind.MORE_WANTED, DecisionKind.GRANTED]


def test_what_a_colleague_looks_at_must_be_taken_over_first(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock
) -> None:
    address = ask(app, cast, asking(cast))
    cast.sign_in(client, cast.supervisor)
    client.post(f"{address}/claim", data={"step": "take"})
    assert address in client.get("/verification?show=mine").text
    cast.sign_in(client, cast.broker)
    assert cast.supervisor.person.name in client.get(address).text
    form = read(client, address, yes())
    assert client.post(address, data=form).status_code == 422
    client.post(f"{address}/claim", data={"step": "take"})
    assert client.post(address, data=form).status_code == 422
    client.post(f"{address}/claim", data={"step": "over"})
    assert client.post(address, data=form).status_code == 302


def test_queue_is_filtered_and_tells_how_long_each_waits(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock
) -> None:
    group = ask(app, cast, asking(cast, "volunteer_group"))
    clock.forward(days=3)
    firm = ask(app, cast, asking(cast, "company"))
    cast.sign_in(client, cast.broker)
    page = client.get("/verification").text
    assert page.index(group) < page.index(firm)
    assert "已等 3 天" in page
    assert group not in client.get("/verification?kind=company").text
    assert firm not in client.get("/verification?q=volunteer").text
    assert group in client.get("/verification?q=volunteer&kind=odd&show=odd").text


def test_licence_is_looked_at_and_ends_the_verification(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    who = asking(cast, "company")
    licence = {"licence_number": "B0012", "licence_until": "2027-06-30"}
    address = ask(app, cast, who, **licence)
    cast.sign_in(client, cast.broker)
    assert client.post(address, data=read(client, address, yes())).status_code == 422
    grant(client, cast, address, checked=["code", "place", "speaker", "licence"])
    cast.session.commit()
    assert who.organisation.verified_until == date(2027, 6, 30)
    assert (who.organisation.licence_number, who.organisation.is_verified) == ("B0012", True)


def test_reminders_then_renewal_in_one_tap(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock, act_as: ActAs,
    session: Session, news: list[Event],
) -> None:  # fmt: skip
    who = asking(cast)
    grant(client, cast, ask(app, cast, who))
    for days in (670, 5, 43, 1):
        clock.forward(days=days)
        with act_as() as act:
            remind_of_renewal(act)
    soon = [one.days for one in news if isinstance(one, VerificationExpiresSoon)]
    assert soon == [60, 14]
    assert told(session, who).count("verification_expires_soon") == 2
    cast.sign_in(client, who)
    home = f"/organisations/{who.organisation.public_id}"
    assert f"{home}/verification" in client.get(home).text
    assert "可以打村委会电话核实" in client.get(f"{home}/verification").text
    address = ask(app, cast, who)
    assert who.organisation.is_verified
    cast.sign_in(client, cast.broker)
    assert address in client.get("/verification?show=renewals").text
    grant(client, cast, address)
    session.rollback()
    until = who.organisation.verified_until
    assert until is not None
    assert until > date(2030, 10, 1)


def test_lapse_takes_the_verification_and_is_told(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock, act_as: ActAs,
    session: Session, news: list[Event],
) -> None:  # fmt: skip
    waits, forgot = asking(cast), asking(cast)
    for who in (waits, forgot):
        grant(client, cast, ask(app, cast, who))
    clock.forward(days=725)
    ask(app, cast, waits)
    clock.forward(days=10)
    with act_as() as act:
        lapse_due(act)
    assert [waits.organisation.is_verified, forgot.organisation.is_verified] == [True, False]
    assert VerificationLapsed(forgot.organisation_id) in news
    assert "verification_lapsed" in told(session, forgot)
    assert record(session, forgot)[-1] is DecisionKind.LAPSED
    clock.forward(days=30)
    with act_as() as act:
        lapse_due(act)
        assert act.session.scalars(sa.select(Organisation.verification)).all()
    session.rollback()
    assert not waits.organisation.is_verified


def test_suspension_is_seen_with_its_reason_and_lifted(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    home = f"/organisations/{cast.officer.organisation.public_id}"
    cast.sign_in(client, cast.broker)
    assert client.post(f"{home}/suspend", data={"reason": "公章被人冒用"}).status_code == 302
    assert told(session, cast.officer)[-1] == "organisation_suspended"
    cast.sign_in(client, cast.officer)
    assert "公章被人冒用" in client.get(home).text
    assert "公章被人冒用" in client.get(f"{home}/standing").text
    assert client.post(f"{home}/lift", data={"reason": "我说没事"}).status_code == 403
    cast.sign_in(client, cast.stranger)
    assert client.get(f"{home}/standing").status_code == 403
    assert "公章被人冒用" not in client.get(home).text
    cast.sign_in(client, cast.broker)
    assert client.post(f"{home}/lift", data={"reason": ""}).status_code == 422
    assert client.post(f"{home}/lift", data={"reason": "已经查清"}).status_code == 302
    session.rollback()
    assert cast.officer.organisation.is_verified
    assert record(session, cast.officer) == [DecisionKind.SUSPENDED, DecisionKind.LIFTED]
    assert told(session, cast.officer)[-1] == "suspension_lifted"


def test_what_the_centre_suspended_only_the_centre_lifts(client: FlaskClient, cast: Cast) -> None:
    home = f"/organisations/{cast.officer.organisation.public_id}"
    cast.sign_in(client, cast.supervisor)
    client.post(f"{home}/suspend", data={"reason": "骗钱"})
    cast.sign_in(client, cast.broker)
    assert client.post(f"{home}/lift", data={"reason": "熟人"}).status_code == 403
    cast.session.commit()
    assert cast.officer.organisation.verification is Verification.SUSPENDED


def test_who_is_suspended_asks_and_stays_suspended_until_somebody_decides(
    app: Flask, client: FlaskClient, cast: Cast, act_as: ActAs
) -> None:
    who = cast.officer
    with act_as(cast.supervisor.actor) as act:
        suspend_organisation(act, who.organisation.public_id, "骗钱")
    address = ask(app, cast, who)
    assert who.organisation.verification is Verification.SUSPENDED
    cast.sign_in(client, cast.broker)
    assert client.post(address, data=read(client, address, yes())).status_code == 403
    cast.sign_in(client, cast.supervisor)
    assert client.post(address, data=read(client, address, yes())).status_code == 302
    cast.session.commit()
    assert who.organisation.is_verified


def test_what_changed_under_a_suspension_is_not_verified_afterwards(
    client: FlaskClient, cast: Cast, act_as: ActAs
) -> None:
    who = cast.officer
    home = f"/organisations/{who.organisation.public_id}"
    with act_as(cast.broker.actor) as act:
        suspend_organisation(act, who.organisation.public_id, "查一查")
    cast.sign_in(client, who)
    data = {"kind": "village_committee", "name_zh": "换了名字", "division": VILLAGE}
    assert client.post(f"{home}/edit", data=data).status_code == 302
    cast.sign_in(client, cast.broker)
    assert client.post(f"{home}/lift", data={"reason": "查清了"}).status_code == 302
    cast.session.commit()
    assert who.organisation.verification is Verification.UNVERIFIED


def test_old_evidence_is_forgotten(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock, act_as: ActAs
) -> None:
    grant(client, cast, ask(app, cast, asking(cast), files=[(picture(), "a.jpg")]))
    with act_as() as act:
        assert forget_old_evidence(act) == 0
    clock.forward(days=181)
    with act_as() as act:
        assert forget_old_evidence(act) == 1
    cast.session.rollback()
    assert cast.session.query(VerificationFile).count() == cast.session.query(StoredFile).count()
    assert cast.session.query(StoredFile).count() == 0


def test_of_two_who_decide_at_once_one_is_told(
    app: Flask, house: House, cast: Cast, engine: sa.Engine
) -> None:
    who = asking(cast)
    who.organisation.credit_code = new_code()
    cast.session.commit()
    public_id = ask(app, cast, who).rpartition("/")[2]
    actors = [cast.broker.actor, cast.supervisor.actor]
    cast.session.commit()
    ready, outcomes = Barrier(2), list[str]()

    def decide(number: int) -> None:
        answer = Answer(Ruling.GRANT, "", GRANT) if number else Answer(Ruling.REFUSE, "不像")
        ready.wait()
        try:
            with Session(engine) as own, open_act(house, lambda: own, actors[number]) as act:
                decide_request(act, public_id, answer)
            outcomes.append("decided")
        except ExchangeError as error:
            outcomes.append(error.code)

    threads = [Thread(target=decide, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_decided", "decided"]
    cast.session.rollback()
    assert cast.session.query(VerificationDecision).count() == 1


@pytest.mark.parametrize("days", [0, 20])
def test_renewal_is_not_asked_for_too_early(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock, days: int
) -> None:
    who = asking(cast)
    grant(client, cast, ask(app, cast, who))
    clock.forward(days=days)
    cast.sign_in(client, who)
    address = f"/organisations/{who.organisation.public_id}/verification"
    assert client.get(address).status_code == 302
    assert client.post(address, data={"evidence": "还是我们"}).status_code == 422
    assert who.organisation.verified_until == date(2026, 11, 22) + timedelta(days=731)


def test_what_the_clock_does_comes_to_an_end(
    app: Flask, client: FlaskClient, cast: Cast, clock: SettableClock, house: House
) -> None:
    who = asking(cast)
    grant(client, cast, ask(app, cast, who))
    clock.forward(days=732)
    cast.session.rollback()
    run = JobRun(house, lambda: cast.session, nullcontext)
    keep_verifications.handler(run, [{}])
    keep_verifications.handler(run, [{}])
    assert told(cast.session, who).count("verification_lapsed") == 1
