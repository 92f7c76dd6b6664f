"""Who says that they still come has to be allowed to, as whoever signs up."""

import sqlalchemy as sa

from exchange.volunteering.models import Activity
from exchange.volunteering.safeguarding.models import AgeStatement, GuardianConsent
from tests.volunteering.conftest import Group
from tests.volunteering.safeguarding_scene import IN, MINOR, SignIn, consents, young
from tests.volunteering.test_messages import letter, send


def test_nobody_confirms_a_place_that_is_for_another_age(group: Group, signed_in: SignIn) -> None:
    activity, (shift,) = group.run(**MINOR)
    who = young(group)
    consents(group, who)
    assert group.joins(who, shift) is IN
    message = send(group, shift, letter(wants_answer=True)).public_id
    group.session.rollback()
    group.session.execute(sa.update(Activity).where(Activity.id == activity.id).values(min_age=18))
    group.session.commit()
    client = signed_in(who)
    confirm = f"/shifts/{shift.public_id}/confirm"
    for path, data in (
        (confirm, {}),
        (f"/shift-messages/{message}/answer", {"answer": "coming"}),
    ):
        page = client.post(path, data=data, follow_redirects=True).text
        assert "from 18 years on" in page
        assert "We count on you" not in page
    kept = group.answer(who, shift)
    assert kept is not None
    assert kept.confirmed_at is None
    said = client.post(f"/api/v1{confirm}", headers=group.token(who))
    assert (said.status_code, said.json["code"]) == (409, "age_below")


def test_who_lacks_a_consent_is_led_to_where_it_is_mended(group: Group, signed_in: SignIn) -> None:
    _activity, (shift,) = group.run(**MINOR)
    who = young(group)
    consents(group, who)
    group.joins(who, shift)
    message = send(group, shift, letter(wants_answer=True)).public_id
    client, before = signed_in(who), f"/shifts/{shift.public_id}/before"
    confirm = f"/shifts/{shift.public_id}/confirm"
    assert "We count on you" in client.post(confirm, follow_redirects=True).text
    group.session.rollback()
    group.session.execute(sa.update(GuardianConsent).values(withdrawn_at=group.cast.now))
    group.session.commit()
    assert client.post(confirm).headers["Location"] == before  # also when it was said already
    said = client.post(f"/shift-messages/{message}/answer", data={"answer": "coming"})
    assert said.headers["Location"] == before
    assert "Your guardian has to agree" in client.get(before).text


def test_who_says_their_age_on_the_way_has_confirmed_with_that(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    send(group, shift, letter(wants_answer=True))
    group.session.rollback()
    group.session.execute(sa.delete(AgeStatement).where(AgeStatement.person_id == who.person_id))
    group.session.commit()
    client = signed_in(who)
    said = client.post(f"/shifts/{shift.public_id}/confirm", follow_redirects=True).text
    assert "How old are you?" in said
    done = client.post(f"/shifts/{shift.public_id}/before/adult", follow_redirects=True).text
    assert "We count on you" in done
    kept = group.answer(who, shift)
    assert kept is not None
    assert kept.confirmed_at is not None


def test_who_turns_out_too_young_on_the_way_has_the_place_no_longer(
    group: Group, signed_in: SignIn
) -> None:
    _activity, (shift,) = group.run(min_age=18)
    who = group.volunteer()
    group.joins(who, shift)
    group.session.rollback()
    group.session.execute(sa.delete(AgeStatement).where(AgeStatement.person_id == who.person_id))
    group.session.commit()
    data = {"birth_year": "2010", "birth_month": "5"}
    path = f"/shifts/{shift.public_id}/before/age"
    page = signed_in(who).post(path, data=data, follow_redirects=True).text
    assert "from 18 years on" in page
    assert "You are signed up" not in page
    assert group.fresh(shift).taken == 0
