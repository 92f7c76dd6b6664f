"""Volunteers under 18, and work with children, through the doors that people use."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.closing.events import AccountClosed
from exchange.files.models import StoredFile
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM, Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.notifications.channels import SENDERS
from exchange.notifications.kinds import Channel
from exchange.notifications.port import Message
from exchange.volunteering.kinds import ActivityState, SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.safeguarding.age_service import come_of_age, declare_adult, state_birth
from exchange.volunteering.safeguarding.ask_service import ask_for_record
from exchange.volunteering.safeguarding.check_service import record_check
from exchange.volunteering.safeguarding.consent_service import ConsentValues, record_consent
from exchange.volunteering.safeguarding.forgetting_service import drop_old, forget_due
from exchange.volunteering.safeguarding.kinds import ConsentWay
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    ChildrenCheck,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.sealing import Guardian, guardian_of
from exchange.volunteering.safeguarding.watching_service import (
    remind_of_ends,
    return_places,
    watch_shifts,
)
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.projects.news_scene import camera_picture
from tests.volunteering.conftest import SATURDAY, Group

SignIn = Callable[[Player], FlaskClient]
Clock = Callable[[datetime], None]
RunJobs = Callable[[], int]
CatchQueries = Callable[[], AbstractContextManager[Queries]]
IN, WAITS, GONE = SignupState.SIGNED_UP, SignupState.WAITING, SignupState.CANCELLED
MOTHER = Guardian("罗大山", "13800001234")
MINOR = {"min_age": 14}
SIXTEEN = Birth(2010, 5)


def young(group: Group, name: str = "小雨", birth: Birth | None = SIXTEEN) -> Player:
    """Somebody of sixteen, who has said so; or nobody knows."""
    who = group.cast.make_player(name, VILLAGE, says_adult=False)
    if birth:
        with group.act_as(who.actor) as act:
            state_birth(act, birth)
    return who


def consents(
    group: Group, who: Player, by: Player | None = None, activity: Activity | None = None,
    until: date | None = None, way: ConsentWay = ConsentWay.SPOKEN,
) -> str:  # fmt: skip
    """Put on record by whoever leads the group; the public id."""
    with group.act_as((by or group.leader).actor) as act:
        day = None if way is ConsentWay.LINK else act.today
        values = ConsentValues(way, MOTHER, day, until)
        owner = group.leader.organisation
        return record_consent(act, owner, who.person, values, activity).public_id


def checks(group: Group, who: Player, on: date | None = None, by: Player | None = None) -> str:
    with group.act_as((by or group.cast.broker).actor) as act:
        owner = group.leader.organisation
        day = on or act.today
        return record_check(act, owner, who.person, day, owner.id).public_id


def with_children(group: Group, maximum: int = 4) -> tuple[Activity, Shift]:
    """A published activity with children; leader and helper are checked."""
    checks(group, group.leader)
    checks(group, group.helper)
    activity, (shift,) = group.run(
        group.shift(minimum=2, maximum=maximum), with_children=True, **MINOR
    )
    return activity, shift


def refused(group: Group, who: Player, shift: Shift) -> str:
    with pytest.raises(Conflict) as caught:
        group.joins(who, shift)
    return caught.value.code


@contextmanager
def system(group: Group) -> Iterator[Act]:
    with group.act_as(SYSTEM) as act:
        yield act


def rows(group: Group, model: type) -> int:
    group.session.rollback()
    return group.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_adult_says_so_once_in_two_taps(group: Group, signed_in: SignIn) -> None:
    activity, (first, second) = group.run(
        group.shift(), group.shift(SATURDAY + timedelta(days=7))
    )
    who = young(group, "阿成", birth=None)
    client = signed_in(who)
    asked = client.post(f"/shifts/{first.public_id}/join")
    assert asked.headers["Location"] == f"/shifts/{first.public_id}/before"
    page = client.get(asked.headers["Location"]).text
    assert "How old are you?" in page
    done = client.post(f"/shifts/{first.public_id}/before/adult", follow_redirects=True).text
    assert "You are signed up." in done
    assert group.state(who, first) is IN
    client.post(f"/shifts/{second.public_id}/join")
    assert group.state(who, second) is IN
    row = group.session.scalars(
        sa.select(AgeStatement).where(AgeStatement.person_id == who.person_id)
    ).one()
    assert row.birth_sealed is None
    assert row.adult_declared_on is not None
    assert activity.title in done


def test_a_minor_is_told_what_is_missing_asks_and_is_signed_up_once_it_is_there(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run(**MINOR)
    who = young(group, birth=None)
    client = signed_in(who)
    client.post(f"/shifts/{shift.public_id}/join")
    said = client.post(
        f"/shifts/{shift.public_id}/before/age",
        data={"birth_year": "2010", "birth_month": "5"},
        follow_redirects=True,
    ).text
    assert "Your guardian has to agree" in said
    assert group.state(who, shift) is None
    own = client.post(
        f"/shifts/{shift.public_id}/before/ask",
        data={"guardian_name": "我妈", "guardian_reach": who.phone},
    )
    assert own.status_code == 422
    assert "own number" in own.text
    asked = client.post(
        f"/shifts/{shift.public_id}/before/ask",
        data={"guardian_name": MOTHER.name, "guardian_reach": MOTHER.reach},
        follow_redirects=True,
    ).text
    assert "The organisation is told." in asked
    assert group.told(group.leader) == ["safeguard_asked_consent"]

    signed_in(group.leader)
    owner = group.leader.organisation.public_id
    listed = client.get(f"/organisations/{owner}/safeguarding").text
    assert "小雨" in listed
    path = f"/organisations/{owner}/safeguarding/consents/{who.person.public_id}"
    form = client.get(f"{path}?activity={activity.public_id}").text
    assert MOTHER.name in form
    assert MOTHER.reach in form
    data = {
        "way": "spoken", "guardian_name": MOTHER.name, "guardian_reach": MOTHER.reach,
        "consent_on": "2026-11-21", "scope": "",
    }  # fmt: skip
    done = client.post(path, data=data, follow_redirects=True).text
    assert "The consent is on record." in done
    assert MOTHER.reach not in done
    assert rows(group, SafeguardAsk) == 0
    assert group.told(who) == ["guardian_agreed_volunteer"]

    signed_in(who)
    client.post(f"/shifts/{shift.public_id}/join")
    assert group.state(who, shift) is IN
    row = group.session.scalars(sa.select(AgeStatement).where(
        AgeStatement.person_id == who.person_id)).one()  # fmt: skip
    assert row.adult_declared_on is None
    assert row.birth_sealed
    assert "2010" not in row.birth_sealed
    consent = group.session.scalars(sa.select(GuardianConsent)).one()
    assert MOTHER.reach not in (consent.private_sealed or "")
    assert consent.valid_until == date(2027, 11, 21)


def test_whoever_is_under_eighteen_cannot_become_an_adult_alone(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    with group.act_as(who.actor) as act, pytest.raises(Conflict, match="age_fixed"):
        declare_adult(act)
    with group.act_as(who.actor) as act, pytest.raises(Conflict, match="age_fixed"):
        state_birth(act, Birth(2009, 5))
    assert refused(group, who, shift) == "consent_missing"
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/ages/{who.person.public_id}"
    assert client.post(path).status_code == 404  # has nothing to do with the organisation yet
    group.says_no(who, shift)
    assert client.post(path).status_code == 302
    assert group.told(who) == ["age_asked_again"]
    assert refused(group, who, shift) == "age_needed"


def test_children_below_fourteen_are_refused_and_nothing_of_them_is_kept(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    client = signed_in(young(group, "小小", birth=None))
    before = rows(group, AgeStatement)
    for year, month, said in (
        ("2015", "5", "at least 14"),
        ("2030", "5", "year and month"),
        ("二〇一〇", "5", "Not a valid"),
        ("2010", "99", "Not a valid choice"),
        ("9" * 40, "1", "cannot be right"),
    ):
        answer = client.post(
            f"/shifts/{shift.public_id}/before/age",
            data={"birth_year": year, "birth_month": month},
        )
        assert answer.status_code == 422, year
        assert said in answer.text or "valid" in answer.text or "有效" in answer.text, year
    assert rows(group, AgeStatement) == before


def test_the_age_of_the_activity_counts_on_the_day_of_the_shift(group: Group) -> None:
    _activity, (shift,) = group.run(min_age=17)
    who = young(group)
    assert refused(group, who, shift) == "age_below"


def test_a_consent_for_one_activity_covers_no_other_and_ends_on_its_day(group: Group) -> None:
    activity, (near, far) = group.run(
        group.shift(), group.shift(SATURDAY + timedelta(days=60)), **MINOR
    )
    other, (elsewhere,) = group.run(
        group.shift(SATURDAY + timedelta(days=1)), title="周日种树", **MINOR
    )
    who = young(group)
    consents(group, who, activity=activity, until=SATURDAY.date() + timedelta(days=1))
    assert group.joins(who, near) is IN
    assert refused(group, who, far) == "consent_ends_before"
    assert refused(group, who, elsewhere) == "consent_missing"
    assert other.id != activity.id


def test_who_may_put_a_consent_on_record(group: Group) -> None:
    group.run(**MINOR)
    who = young(group)
    with pytest.raises(Forbidden, match="safeguard_not_yours"):
        consents(group, who, by=group.cast.stranger)
    with pytest.raises(Forbidden, match="safeguard_not_yours"):
        consents(group, who, by=who)
    consents(group, who, by=group.cast.broker)
    member = group.cast.make_player(
        "小组长", VILLAGE, group.leader.organisation, Role.MANAGER, says_adult=False
    )
    with group.act_as(member.actor) as act:
        state_birth(act, Birth(2010, 1))
    with pytest.raises(Forbidden, match="safeguard_own"):
        consents(group, member, by=member)
    with pytest.raises(Forbidden, match="safeguard_minor_records"):
        consents(group, who, by=member)
    with pytest.raises(Conflict, match="consent_for_adult"):
        consents(group, group.volunteer())


def test_sent_twice_a_consent_is_recorded_once(group: Group) -> None:
    who = young(group)
    assert consents(group, who) == consents(group, who)
    assert rows(group, GuardianConsent) == 1


def test_a_withdrawn_consent_frees_places_ahead_and_the_next_moves_up(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(group.shift(maximum=1), **MINOR)
    who, next_one = young(group), group.volunteer("候补")
    key = consents(group, who)
    assert group.joins(who, shift) is IN
    assert group.joins(next_one, shift) is WAITS
    client = signed_in(who)
    assert "Withdraw the consent" in client.get("/my/safeguarding").text
    assert client.post(f"/consents/{key}/withdraw").status_code == 302
    assert group.state(who, shift) is GONE
    assert group.state(next_one, shift) is IN
    assert "guardian_withdrew" in group.told(group.leader)
    assert group.told(who) == ["guardian_agreed_volunteer"]  # nobody is told of their own act
    again = client.post(f"/consents/{key}/withdraw", follow_redirects=True).text
    assert "has ended already" in again


def test_who_waits_without_consent_is_passed_over(group: Group) -> None:
    _activity, (shift,) = group.run(group.shift(maximum=1), **MINOR)
    first, minor, last = group.volunteer(), young(group), group.volunteer()
    consents(group, minor)
    for one in (first, minor, last):
        group.joins(one, shift)
    with group.act_as(SYSTEM) as act:
        act.session.execute(sa.update(GuardianConsent).values(withdrawn_at=act.now))
    group.says_no(first, shift)
    assert group.state(minor, shift) is WAITS
    assert group.state(last, shift) is IN
    with system(group) as act:
        assert return_places(act, 0, 100) > 0
    assert group.state(minor, shift) is GONE


def test_strangers_see_no_consent_and_looks_are_on_record(
    group: Group, signed_in: SignIn
) -> None:
    who = young(group)
    key = consents(group, who)
    owner = group.leader.organisation.public_id
    pages = (f"/consents/{key}", f"/organisations/{owner}/safeguarding")
    client = signed_in(group.cast.stranger)
    for page in pages:
        assert client.get(page).status_code == 404
    assert client.post(f"/consents/{key}/guardian").status_code == 404
    assert client.post(f"/consents/{key}/withdraw").status_code == 404
    signed_in(who)
    assert client.get(f"/consents/{key}").status_code == 200
    assert client.post(f"/consents/{key}/guardian").status_code == 404
    signed_in(group.leader)
    assert MOTHER.name not in client.get(f"/consents/{key}").text
    shown = client.post(f"/consents/{key}/guardian").text
    assert MOTHER.name in shown
    assert MOTHER.reach in shown


def test_the_photo_of_a_signed_form_is_seen_only_by_those_who_keep_it(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    group.says_no(who, shift)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/consents/{who.person.public_id}"
    data: dict[str, object] = {
        "way": "photo", "guardian_name": MOTHER.name, "guardian_reach": MOTHER.reach,
        "consent_on": "2026-11-21",
    }  # fmt: skip
    bare = client.post(path, data=data)
    assert bare.status_code == 422
    assert "add a photo" in bare.text
    photo = (io.BytesIO(camera_picture()), "a.jpg")
    client.post(path, data={**data, "photos": photo}, content_type="multipart/form-data")
    group.session.rollback()
    file = group.session.scalars(sa.select(StoredFile)).one().public_id
    assert client.get(f"/files/{file}/full").status_code == 200
    for other in (group.cast.stranger, who):
        signed_in(other)
        assert client.get(f"/files/{file}/full").status_code == 404


class Post:
    """A channel that keeps what it was given."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


def link_of(group: Group, run_jobs: RunJobs) -> str:
    """Where the message to a guardian leads; the worker has sent it."""
    post = Post()
    group.cast.house.resources.setdefault(SENDERS, {})[Channel.SMS] = post
    run_jobs()
    message = next(one for one in reversed(post.messages) if one.message_id.startswith("guardian-"))
    assert "小雨" not in message.text
    found = re.search(r"/s/\w+", message.fields["link"])
    assert found
    return found.group(0)


def test_a_guardian_answers_by_the_link_and_takes_it_back_by_the_same(
    group: Group, client: FlaskClient, run_jobs: RunJobs
) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    consents(group, who, way=ConsentWay.LINK)
    assert refused(group, who, shift) == "consent_missing"
    opened = client.get(link_of(group, run_jobs), follow_redirects=True)
    path = opened.request.path
    assert path.startswith("/g/")
    assert "小雨" in opened.text
    assert refused(group, who, shift) == "consent_missing"  # opening writes nothing
    assert client.post(path, data={"answer": "perhaps"}).status_code == 422
    agreed = client.post(path, data={"answer": "yes"}, follow_redirects=True)
    assert agreed.status_code == 200
    assert group.joins(who, shift) is IN
    assert "guardian_agreed" in group.told(group.leader)
    assert client.post(path, data={"answer": "no"}).status_code == 409
    client.post(path, data={"answer": "withdraw"})
    assert group.state(who, shift) is GONE
    assert {"guardian_withdrew_volunteer", "places_without_consent"} <= set(group.told(who))
    consent = group.session.scalars(sa.select(GuardianConsent)).one()
    assert consent.link_sealed is None
    assert client.get("/g/nothing").status_code == 404


def test_a_guardian_who_says_no_is_heard_and_a_link_dies_after_two_weeks(
    group: Group, client: FlaskClient, after: Clock, run_jobs: RunJobs
) -> None:
    who = young(group)
    consents(group, who, way=ConsentWay.LINK)
    path = client.get(link_of(group, run_jobs), follow_redirects=True).request.path
    client.post(path, data={"answer": "no"})
    assert "guardian_refused" in group.told(group.leader)
    second = young(group, "小雪")
    with group.act_as(group.leader.actor) as act:
        values = ConsentValues(ConsentWay.LINK, Guardian("外婆", "13800004321"))
        record_consent(act, group.leader.organisation, second.person, values)
    last = client.get(link_of(group, run_jobs), follow_redirects=True)
    after(SATURDAY + timedelta(days=15))
    late = client.post(last.request.path, data={"answer": "yes"})
    assert late.status_code == 409


def test_an_activity_with_children_needs_two_checked_adults_to_be_published(
    group: Group,
) -> None:
    with pytest.raises(Conflict, match="children_checks_missing"):
        group.run(group.shift(minimum=2), with_children=True)
    checks(group, group.leader)
    with pytest.raises(Conflict, match="children_checks_missing"):
        group.run(group.shift(minimum=2), title="又一次", with_children=True)
    checks(group, group.helper)
    activity, _shifts = group.run(group.shift(minimum=2), title="第三次", with_children=True)
    assert activity.state is ActivityState.PUBLISHED


def test_an_adult_without_a_check_is_refused_asks_and_comes_once_it_is_recorded(
    group: Group, signed_in: SignIn
) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer("周老师")
    client = signed_in(who)
    sent = client.post(f"/shifts/{shift.public_id}/join")
    assert sent.headers["Location"].endswith("/before")
    assert "A check is missing" in client.get(sent.headers["Location"]).text
    client.post(f"/shifts/{shift.public_id}/before/ask")
    client.post(f"/shifts/{shift.public_id}/before/ask")
    assert rows(group, SafeguardAsk) == 1
    signed_in(group.leader)
    owner = group.leader.organisation.public_id
    assert "周老师" in client.get(f"/organisations/{owner}/safeguarding").text
    path = f"/organisations/{owner}/safeguarding/checks/{who.person.public_id}"
    assert client.get(path).status_code == 200
    for bad in ("2025-01-01", "2026-12-31", "gestern", ""):
        answer = client.post(path, data={"checked_on": bad, "checked_by": owner})
        assert answer.status_code == 422, bad
    done = client.post(path, data={"checked_on": "2026-11-20", "checked_by": owner})
    assert done.status_code == 302
    group.session.rollback()
    check = group.session.scalars(
        sa.select(ChildrenCheck).where(ChildrenCheck.person_id == who.person_id)
    ).one()
    assert check.expires_on == date(2027, 11, 20)
    assert group.told(who) == ["check_recorded"]
    assert group.joins(who, shift) is IN
    signed_in(who)
    assert "2027" in client.get("/my/safeguarding").text


def test_nobody_records_their_own_check_and_coordinators_record_none(
    group: Group, signed_in: SignIn
) -> None:
    with pytest.raises(Forbidden, match="safeguard_own"):
        checks(group, group.leader, by=group.leader)
    for other in (group.helper, group.cast.stranger):
        with pytest.raises(Forbidden, match="safeguard_not_yours"):
            checks(group, group.leader, by=other)
    with pytest.raises(Conflict, match="check_for_minor"):
        checks(group, young(group))
    other_id, owner_row = group.cast.stranger.organisation_id, group.leader.organisation
    with group.act_as(group.leader.actor) as act, pytest.raises(Invalid):
        record_check(act, owner_row, group.helper.person, act.today, other_id)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/checks/{group.leader.person.public_id}"
    assert "about themselves" in client.get(path).text


def test_a_check_must_be_good_on_the_day_of_the_shift(group: Group) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer()
    group.says_no(who, shift)
    checks(group, who, on=date(2025, 11, 26))
    assert refused(group, who, shift) == "check_ends_before"


def test_whom_a_check_is_about_objects_or_takes_it_away(
    group: Group, signed_in: SignIn
) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer()
    group.says_no(who, shift)
    key = checks(group, who)
    group.joins(who, shift)
    client = signed_in(who)
    client.post(f"/checks/{key}/object")
    assert "check_objected" in group.told(group.leader)
    assert group.state(who, shift) is IN
    with system(group) as act:
        watch_shifts(act, 0, 100)
    client.post(f"/checks/{key}/remove")
    assert group.state(who, shift) is GONE
    assert client.post(f"/checks/{key}/remove", follow_redirects=True).status_code == 200
    signed_in(group.cast.stranger)
    assert client.post(f"/checks/{key}/object").status_code == 404


def test_coordinators_hear_of_too_few_adults_and_of_missing_checks_once(
    group: Group, after: Clock, signed_in: SignIn
) -> None:
    activity, shift = with_children(group)
    minor = young(group)
    consents(group, minor)
    group.joins(minor, shift)
    group.joins(group.helper, shift)
    after(SATURDAY - timedelta(hours=14))  # seven in the evening before
    with system(group) as act:
        assert watch_shifts(act, 0, 100) == shift.id
    with system(group) as act:
        watch_shifts(act, 0, 100)
    assert group.told(group.leader).count("children_adults_lacking") == 1
    assert "children_checks_lacking" not in group.told(group.leader)
    with group.act_as(SYSTEM) as act:
        act.session.execute(sa.update(ChildrenCheck).values(objected_at=act.now))
    with system(group) as act:
        watch_shifts(act, 0, 100)
    assert group.told(group.leader).count("children_checks_lacking") == 1
    client = signed_in(group.leader)
    people = client.get(f"/activities/{activity.public_id}/people").text
    assert "Fewer than two adults" in people
    assert "Under 18, the guardian agrees" in people
    assert "No check for this day" in people
    listed = client.get(f"/attendance/shifts/{shift.public_id}").text
    assert "Fewer than two adults" in listed


def test_what_ends_within_thirty_days_is_told_once(group: Group, after: Clock) -> None:
    who = young(group)
    consents(group, who)
    checks(group, group.helper)
    after(datetime(2027, 11, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        assert remind_of_ends(act, 100) == 2
    with system(group) as act:
        assert remind_of_ends(act, 100) == 0
    assert group.told(who)[-1] == "guardian_consent_ending"
    assert group.told(group.helper)[-1] == "check_ending"
    assert {"guardian_consent_ending", "check_ending"} <= set(group.told(group.leader))


def test_births_are_forgotten_at_eighteen_and_guardians_at_the_set_time(
    group: Group, after: Clock
) -> None:
    who = young(group, birth=Birth(2008, 12))
    key = consents(group, who)
    after(datetime(2027, 1, 2, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        come_of_age(act, 0, 100)
    group.session.rollback()
    row = group.session.scalars(
        sa.select(AgeStatement).where(AgeStatement.person_id == who.person_id)
    ).one()
    assert row.birth_sealed is None
    consent = group.session.scalars(sa.select(GuardianConsent)).one()
    assert consent.public_id == key
    assert consent.valid_until == date(2027, 1, 2)
    after(datetime(2027, 8, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        assert forget_due(act, 100) == 1
    group.session.rollback()
    assert guardian_of(group.cast.house.secrets, consent) == Guardian()
    after(datetime(2031, 1, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        drop_old(act)
    assert rows(group, GuardianConsent) == 0


def test_a_closed_account_takes_age_consents_and_checks_along(group: Group) -> None:
    who = young(group)
    consents(group, who)
    left = rows(group, AgeStatement)
    with system(group) as act:
        act.emit(AccountClosed(who.person_id, ()))
    assert rows(group, AgeStatement) == left - 1
    assert rows(group, GuardianConsent) == 0


def test_pages_of_records_and_people_need_as_many_queries_for_more_rows(
    group: Group, signed_in: SignIn, catch_queries: CatchQueries
) -> None:
    activity, shift = with_children(group, maximum=20)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    pages = [f"/organisations/{owner}/safeguarding", f"/activities/{activity.public_id}/people"]

    def add() -> None:
        minor, grown, asks = young(group), group.volunteer(), group.volunteer()
        consents(group, minor)
        group.says_no(grown, shift)
        checks(group, grown)
        for one in (minor, grown):
            group.joins(one, shift)
        with group.act_as(asks.actor) as act:
            ask_for_record(act, act.session.get_one(Shift, shift.id))

    def needed() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with catch_queries() as queries:
                assert client.get(page).status_code == 200
            counts.append(queries.count)
        return counts

    add()
    before = needed()
    for _ in range(4):
        add()
    assert needed() == before
