"""Who is under 18, what a guardian consents to, and what taking it back does."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from exchange.kernel.actor import SYSTEM, Role
from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.safeguarding.age_service import declare_adult, state_birth
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.watching_service import (
    return_places,
)
from tests.cast import VILLAGE
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.safeguarding_scene import (
    GONE,
    IN,
    MINOR,
    MOTHER,
    WAITS,
    SignIn,
    consents,
    refused,
    rows,
    system,
    young,
)


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


def test_who_has_a_place_already_reads_that_the_consent_is_missing(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run(**MINOR)
    who = group.volunteer()
    group.joins(who, shift)
    client, missing = signed_in(who), "Your guardian&#39;s consent is still missing"
    pages = ("/my/volunteering", f"/activities/{activity.public_id}")
    before = f'href="/shifts/{shift.public_id}/before"'
    for page in pages:
        assert missing not in client.get(page).text
    data = {"birth_year": "2010", "birth_month": "5"}
    assert client.post("/my/safeguarding/age", data=data).status_code == 302
    for page in pages:
        text = client.get(page).text
        assert "You are signed up" in text
        assert missing in text
        assert before in text
    assert "Have my guardian asked" in client.get(f"/shifts/{shift.public_id}/before").text
    consents(group, who)
    for page in pages:
        assert missing not in client.get(page).text


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


def test_a_consent_for_one_activity_covers_no_other_and_ends_on_its_day(
    group: Group, signed_in: SignIn
) -> None:
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
    page = signed_in(who).get(f"/shifts/{far.public_id}/before").text
    assert "consent ends on 29\xa0Nov, before" in page
    answer = group.cast.app.test_client().post(
        f"/api/v1/shifts/{far.public_id}/join", json={}, headers=group.token(who)
    )
    assert "consent ends on 29\xa0Nov, before" in answer.json["detail"]
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


def job_runs(group: Group) -> None:
    """What the job does every ten minutes."""
    after, more = 0, True
    while more:
        with system(group) as act:
            after = return_places(act, after, 100)
        more = after > 0


def test_a_place_for_another_age_goes_back_once_the_age_is_said(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift, other) = group.run(
        group.shift(maximum=1), group.shift(SATURDAY + timedelta(days=7)), min_age=18
    )
    late, next_one = group.volunteer("说晚了"), group.volunteer("候补")
    for place in (shift, other):
        group.joins(late, place)
    assert group.joins(next_one, shift) is WAITS
    client = signed_in(late)
    data = {"birth_year": "2010", "birth_month": "5"}
    assert client.post("/my/safeguarding/age", data=data).status_code == 302
    assert (group.state(late, shift), group.state(late, other)) == (GONE, GONE)  # at once
    assert group.state(next_one, shift) is IN
    assert group.told(late).count("place_outside_age") == 2
    assert group.told(group.leader).count("place_outside_age_team") == 2
    assert "it is for another age" in client.get("/notices").text
    assert "You are signed up" not in client.get("/my/volunteering").text
    job_runs(group)
    assert group.told(late).count("place_outside_age") == 2


def test_a_place_for_the_young_goes_back_from_whoever_says_that_they_are_older(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(min_age=14, max_age=17)
    who = young(group)
    consents(group, who)
    assert group.joins(who, shift) is IN
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/ages/{who.person.public_id}"
    assert signed_in(group.leader).post(path).status_code == 302
    with group.act_as(who.actor) as act:
        declare_adult(act)
    assert group.state(who, shift) is GONE
    assert "place_outside_age" in group.told(who)
