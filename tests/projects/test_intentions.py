"""Cooperation intentions: who declares, who reads, who answers, and what the clock does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.projects.events import ProjectStaged
from exchange.projects.intentions import answering
from exchange.projects.intentions.clock import lapse_due, tell_of_follow_up, tell_of_lapse
from exchange.projects.intentions.kinds import (
    DeclineReason,
    IntentionKind,
    IntentionState,
    Party,
)
from exchange.projects.intentions.models import Intention, IntentionMessage
from exchange.projects.intentions.permissions import can_see, visible_to
from exchange.projects.kinds import PartnerRole, PartnerState, Stage
from exchange.projects.models import Project, ProjectPartner
from tests.cast import ELSEWHERE, FIRM_AREA, VILLAGE
from tests.conftest import SettableClock
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture

SENT = {
    "kind": "technology", "text": "派两名工程师帮忙设计冷库。", "until": "2027-01-31",
    "terms": "free", "need": "", "quantity": "2", "unit": "人",
}  # fmt: skip


def test_an_enterprise_declares_on_one_page_and_the_officer_answers(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    cast.sign_in(client, cast.enterprise)
    page = client.get(f"/projects/{scene.public_id}/intentions/new")
    assert page.status_code == 200
    assert scene.need.title in page.text
    made = client.post(f"/projects/{scene.public_id}/intentions/new", data=SENT)
    assert made.status_code == 302
    where = made.headers["Location"]
    assert "2人" in client.get(where).text.replace(" ", "")
    assert scene.told(cast.officer) == ["intention_declared"]
    cast.sign_in(client, cast.officer)
    client.get("/locale/en")
    read = client.get(where).text
    assert "黔山冷链有限公司" in read
    assert "Verified" in read
    version = scene.intention(where.rsplit("/", 1)[1]).version
    answer = client.post(
        f"{where}/accept", data={"version": version, "text": "太好了！", "follow_up_on": ""}
    )
    assert answer.status_code == 302
    accepted = scene.intention(where.rsplit("/", 1)[1])
    assert accepted.state is IntentionState.ACCEPTED
    assert accepted.follow_up_on == date(2026, 12, 22)
    assert "intention_accepted" in scene.told(cast.enterprise)


def test_contact_data_is_refused_beside_the_field_and_what_was_typed_stays(
    scene: Scene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.enterprise)
    client.get("/locale/en")
    sent = {**SENT, "text": "请打13812345678联系我们", "quantity": "很多"}
    address = f"/projects/{scene.public_id}/intentions/new"
    answer = client.post(address, data={**sent, "quantity": "2"})
    assert answer.status_code == 422
    assert "Please leave out phone numbers" in answer.text
    assert "请打13812345678联系我们" in answer.text
    unread = client.post(address, data={**SENT, "quantity": "很多", "until": "bald"})
    assert unread.status_code == 422
    assert "很多" in unread.text
    for amount, words in (("-2", "It must be more than 0."), ("9" * 20, "At most 1,000,000,000")):
        refused = client.post(address, data={**SENT, "quantity": amount})
        assert refused.status_code == 422
        assert words in refused.text
    public_id = scene.declared()
    with pytest.raises(Invalid), scene.act(scene.cast.enterprise) as act:
        answering.talk(act, public_id, "加我微信 wxid_abc12345")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("until", {"until": date(2026, 11, 21)}),
        ("until", {"until": None}),
        ("text", {"text": "  "}),
        ("text", {"text": "很" * 1001}),
        ("unit", {"quantity_milli": 1000}),
        ("quantity", {"quantity_milli": 1500, "unit": "人"}),
        ("risk_read", {"kind": IntentionKind.INVESTMENT}),
        ("need", {"need": "nowhere"}),
    ],
)
def test_bad_values_are_refused_by_field(
    scene: Scene, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        scene.declared(**values)
    assert list(refused.value.fields) == [field]


def test_an_investment_is_declared_once_the_risk_was_read(scene: Scene) -> None:
    public_id = scene.declared(kind=IntentionKind.INVESTMENT, risk_read=True)
    assert scene.intention(public_id).kind is IntentionKind.INVESTMENT


def test_only_both_sides_and_the_station_know_of_it(scene: Scene, client: FlaskClient) -> None:
    cast, public_id = scene.cast, scene.declared()
    with scene.open() as act:
        partner = cast.stranger.organisation_id
        act.session.add(
            ProjectPartner(
                project_id=scene.project_id, organisation_id=partner, role=PartnerRole.PARTNER,
                state=PartnerState.ACCEPTED, invited_at=act.now,
            )
        )  # fmt: skip
    for who, status in (
        (cast.enterprise, 200), (cast.officer, 200), (cast.broker, 200), (cast.supervisor, 200),
        (cast.stranger, 404),
    ):  # fmt: skip
        cast.sign_in(client, who)
        assert client.get(f"/intentions/{public_id}").status_code == status, who
        listed = client.get(f"/projects/{scene.public_id}/intentions").text
        assert (public_id in listed) == (status == 200)
    cast.sign_out(client)
    assert public_id not in client.get(f"/projects/{scene.public_id}/intentions").text


def test_seeing_in_sql_is_seeing_on_values(scene: Scene) -> None:
    cast = scene.cast
    scene.declared()
    scene.declared(cast.stranger, kind=IntentionKind.PEOPLE)
    far = cast.make_player("远方", ELSEWHERE)
    with scene.open() as act:
        scene_project = act.session.get_one(Project, scene.project_id)
        scene_project.worker_id = far.person_id
    session = scene.session
    everything = list(session.scalars(sa.select(Intention)))
    assert len(everything) == 2
    players = (
        cast.enterprise, cast.officer, cast.broker, cast.supervisor, cast.stranger, far,
        cast.operator,
    )  # fmt: skip
    for who in players:
        actor = who.actor
        found = set(session.scalars(sa.select(Intention.id).where(visible_to(actor))))
        assert found == {one.id for one in everything if can_see(actor, one)}, who


def test_sent_twice_it_is_declared_once(scene: Scene) -> None:
    first = scene.declared()
    assert scene.declared() == first
    assert scene.told(scene.cast.officer) == ["intention_declared"]
    with pytest.raises(Conflict) as refused:
        scene.declared(text="其实我们能派三名。")
    assert refused.value.code == "intention_already_open"
    assert scene.declared(kind=IntentionKind.PURCHASE) != first


def test_those_inside_and_those_in_bad_standing_declare_nothing(scene: Scene) -> None:
    with pytest.raises(Forbidden, match="intention_own_project"):
        scene.declared(scene.cast.officer)
    firm = scene.cast.enterprise
    with scene.open() as act:
        owner = act.session.get_one(Organisation, firm.organisation_id)
        owner.verification = Verification.SUSPENDED
    with pytest.raises(Forbidden, match="intention_not_in_standing"):
        scene.declared()


def test_who_cannot_be_reached_declares_nothing(scene: Scene) -> None:
    shy = scene.cast.make_player("小匿", FIRM_AREA, phone_confirmed=False)
    with pytest.raises(Forbidden, match="confirm_contact_first"):
        scene.declared(shy)


def test_a_coarse_need_is_not_offered_to_those_outside(scene: Scene, client: FlaskClient) -> None:
    cast, need = scene.cast, scene.need
    need.public_title, need.public_division_code = "一户人家要农机", "520422"
    cast.session.commit()
    cast.sign_in(client, cast.enterprise)
    path = f"/projects/{scene.public_id}/intentions/new"
    page = client.get(path).text
    assert "一户人家要农机" not in page
    assert scene.need_public_id not in page
    sent = client.post(path, data={**SENT, "need": scene.need_public_id})
    assert sent.status_code == 422


def test_a_project_that_is_hidden_takes_none(scene: Scene) -> None:
    with scene.open() as act:
        project = act.session.get_one(Project, scene.project_id)
        project.visibility = Visibility.BROKERS
    with pytest.raises(NotFound):
        scene.declared()
    with scene.open() as act:
        project = act.session.get_one(Project, scene.project_id)
        project.visibility, project.stage = Visibility.PUBLIC, Stage.COMPLETED
    with pytest.raises(Conflict, match="intention_project_closed"):
        scene.declared()


def test_the_declarer_does_not_answer_even_when_they_belong_to_both(scene: Scene) -> None:
    cast = scene.cast
    both = cast.make_player("两头", VILLAGE, cast.officer.organisation, Role.MEMBER)
    public_id = scene.declared()
    firm = cast.session.get_one(Organisation, cast.enterprise.organisation_id)
    cast._write()
    cast._join(both.person, firm, Role.MEMBER)
    cast.session.commit()
    with pytest.raises(Forbidden, match="intention_not_yours"), scene.act(both) as act:
        answering.accept(act, public_id)
    with pytest.raises(NotFound), scene.act(cast.stranger) as act:
        answering.accept(act, public_id)


def test_asked_for_more_the_declarers_message_puts_it_before_the_project_again(
    scene: Scene,
) -> None:
    cast, public_id = scene.cast, scene.declared()
    with scene.act(cast.officer) as act:
        answering.ask_for_more(act, public_id, "工程师什么时候能来？")
    assert scene.intention(public_id).state is IntentionState.ASKED
    assert "intention_asked" in scene.told(cast.enterprise)
    for _ in range(2):  # the second is the same, sent again
        with scene.act(cast.enterprise) as act:
            answering.talk(act, public_id, "下个月初可以来。")
    found = scene.intention(public_id)
    assert found.state is IntentionState.DECLARED
    rows = scene.session.scalars(
        sa.select(IntentionMessage).where(IntentionMessage.intention_id == found.id)
    ).all()
    assert [row.party for row in rows] == [Party.PROJECT, Party.DECLARER]
    assert scene.told(cast.officer).count("intention_talked") == 1


def test_a_no_needs_a_reason_and_another_reason_needs_words(
    scene: Scene, client: FlaskClient
) -> None:
    cast, public_id = scene.cast, scene.declared()
    cast.sign_in(client, cast.officer)
    path = f"/intentions/{public_id}/decline"
    assert client.post(path, data={"version": 1}).status_code == 422
    assert client.post(path, data={"version": 1, "reason": "other"}).status_code == 422
    assert client.post(path, data={"version": 1, "reason": "terms"}).status_code == 302
    assert scene.intention(public_id).decline_reason is DeclineReason.TERMS


def test_taken_back_it_is_over_and_may_be_declared_anew(scene: Scene, client: FlaskClient) -> None:
    cast, public_id = scene.cast, scene.declared()
    cast.sign_in(client, cast.officer)
    assert client.post(f"/intentions/{public_id}/withdraw").status_code == 403
    cast.sign_in(client, cast.enterprise)
    assert client.post(f"/intentions/{public_id}/withdraw").status_code == 302
    assert scene.intention(public_id).state is IntentionState.WITHDRAWN
    assert "intention_withdrawn" in scene.told(cast.officer)
    assert scene.declared() != public_id


def test_it_lapses_by_itself_after_a_notice(
    scene: Scene, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, scene.declared(until=date(2026, 11, 30))
    tick(scene)
    assert "intention_lapses_soon" not in scene.told(cast.officer)
    clock.forward(days=6)
    for _ in range(2):
        tick(scene)
    assert scene.told(cast.officer).count("intention_lapses_soon") == 1
    assert scene.told(cast.enterprise).count("intention_lapses_soon") == 1
    clock.forward(days=2)
    tick(scene)
    assert scene.intention(public_id).state is IntentionState.DECLARED
    clock.forward(days=1)
    for _ in range(2):
        tick(scene)
    assert scene.intention(public_id).state is IntentionState.LAPSED
    assert scene.told(cast.enterprise).count("intention_lapsed") == 1


def test_both_sides_are_asked_how_it_goes_on_the_day(
    scene: Scene, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, scene.declared()
    with scene.act(cast.officer) as act:
        answering.accept(act, public_id, follow_up_on=date(2026, 12, 1))
    clock.forward(days=9)
    for _ in range(2):
        tick(scene)
    for who in (cast.officer, cast.enterprise):
        assert scene.told(who).count("intention_follow_up") == 1
    with scene.act(cast.enterprise) as act:
        answering.settle(act, public_id, came_about=True, note="工程师来过两次。")
    assert scene.intention(public_id).state is IntentionState.FULFILLED


def test_with_the_end_of_the_project_what_waits_is_closed(scene: Scene) -> None:
    public_id, accepted = scene.declared(), scene.declared(kind=IntentionKind.TRAINING)
    with scene.act(scene.cast.officer) as act:
        answering.accept(act, accepted)
    with scene.act(scene.cast.officer) as act:
        project = act.session.get_one(Project, scene.project_id)
        project.stage = Stage.STOPPED
        act.session.flush()
        act.emit(ProjectStaged(project.id, project.organisation_id))
    assert scene.intention(public_id).state is IntentionState.DECLINED
    assert scene.intention(accepted).state is IntentionState.ACCEPTED
    assert "intention_declined" in scene.told(scene.cast.enterprise)


def test_a_list_takes_the_same_queries_for_twice_the_rows(
    scene: Scene, client: FlaskClient, catch_queries: Callable[..., Any]
) -> None:
    cast = scene.cast

    def more(number: int) -> None:
        firm = cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA)
        who = cast.make_player(f"人{number}", FIRM_AREA, firm, Role.MANAGER)
        scene.declared(who)
        scene.declared(who, kind=IntentionKind.TRAINING, need=scene.need_public_id)

    def sent(path: str) -> tuple[int, int]:
        cast.sign_in(client, cast.officer)
        with catch_queries() as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    paths = (f"/projects/{scene.public_id}/intentions", "/my/intentions")
    more(1)
    client.get("/healthz")
    before = [sent(path) for path in paths]
    for number in range(2, 5):
        more(number)
    after = [sent(path) for path in paths]
    for (count, size), (later, larger) in zip(before, after, strict=True):
        assert larger > size
        assert later == count


def tick(scene: Scene) -> None:
    """The clock's own job."""
    for verb in (lapse_due, tell_of_lapse, tell_of_follow_up):
        with scene.open() as act:
            verb(act)
