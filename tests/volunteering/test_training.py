"""Trainings: made, dated, completed, asked for by activities; and what each refuses."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.rules import Address, AddressKind
from exchange.jobs.registry import Job
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.permissions import audience_tokens
from exchange.volunteering.attendance.admitting_service import admit
from exchange.volunteering.coordinating_service import name_coordinator
from exchange.volunteering.copying.service import copy_activity
from exchange.volunteering.kinds import ActivityState, Circle, SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.training.completing_service import (
    answer_questions,
    confirm_at_date,
    revoke_completion,
)
from exchange.volunteering.training.jobs import fill_shifts, remind_of_expiry
from exchange.volunteering.training.kinds import CompletionWay, TrainingState
from exchange.volunteering.training.materials_service import remove_material, set_questions
from exchange.volunteering.training.models import Completion, Training, TrainingTry
from exchange.volunteering.training.permissions import audience_of, can_see, visible_to
from exchange.volunteering.training.queries import required_by, seen_training
from exchange.volunteering.training.requiring_service import require_trainings
from exchange.volunteering.training.service import (
    change_training,
    discard_training,
    make_training,
    publish_training,
    withdraw_training,
)
from exchange.volunteering.training.values import TrainingValues, values_of
from tests.cast import VILLAGE, Player
from tests.volunteering.conftest import SATURDAY, Group, OpenAct
from tests.volunteering.training_scene import (
    FRIDAY,
    QUESTIONS,
    RIGHT,
    WRONG,
    School,
    make_school,
)

After = Callable[[datetime], None]


@pytest.fixture
def school(group: Group) -> School:
    return make_school(group)


def run_job(group: Group, job: Job) -> None:
    job.handler(JobRun(group.cast.house, lambda: group.session, nullcontext), [{}])


def test_a_date_is_a_shift_of_an_activity_that_says_what_the_training_says(
    school: School, group: Group
) -> None:
    first, second = school.date(), school.date(FRIDAY + timedelta(days=7))
    assert first.activity_id == second.activity_id == school.training().activity_id
    dates = group.session.get_one(Activity, first.activity_id)
    assert (dates.title, dates.state) == (school.training().title, ActivityState.PUBLISHED)
    assert school.date().id == first.id
    with group.act_as(group.leader.actor) as act:
        found = act.session.get_one(Training, school.training_id)
        values = values_of(found)
        change_training(act, found, TrainingValues(**{**values.__dict__, "title": "第一课"}))
    group.session.rollback()
    assert group.session.get_one(Activity, first.activity_id).title == "第一课"


def test_a_draft_has_dates_that_nobody_sees_until_it_is_published(group: Group) -> None:
    school = make_school(group, publish=False)
    shift = school.date()
    assert group.session.get_one(Activity, shift.activity_id).state is ActivityState.DRAFT
    with group.act_as(group.leader.actor) as act:
        publish_training(act, act.session.get_one(Training, school.training_id))
    group.session.rollback()
    assert group.session.get_one(Activity, shift.activity_id).state is ActivityState.PUBLISHED


def test_a_coordinator_confirms_once_who_completed_it_at_a_date(
    school: School, group: Group, after: After
) -> None:
    shift, who, other = school.date(), group.volunteer(), group.volunteer()
    for one in (who, other):
        group.joins(one, shift)
    with pytest.raises(Conflict, match="training_not_begun"):
        school.confirms(shift, who)
    after(FRIDAY + timedelta(hours=2))
    with group.act_as(group.leader.actor) as act:
        name_coordinator(
            act, act.session.get_one(Activity, shift.activity_id), group.helper.person_id
        )
    assert school.confirms(shift, who, by=group.helper) == 1
    assert school.confirms(shift, who, by=group.helper) == 0
    (done,) = school.completions(who)
    assert (done.way, done.completed_on, done.expires_on) == (
        CompletionWay.ATTENDED, date(2026, 11, 27), date(2027, 11, 26),
    )  # fmt: skip
    assert school.completions(other) == []
    assert group.told(who)[-1] == "training_completed"
    with pytest.raises(Forbidden):
        school.confirms(shift, other, by=other)


def test_nobody_confirms_their_own_while_another_manager_could(
    school: School, group: Group, after: After
) -> None:
    shift, who = school.date(), group.volunteer()
    group.joins(group.leader, shift)
    group.joins(who, shift)
    group.cast.make_player("别人", VILLAGE, group.leader.organisation, Role.MANAGER)
    after(FRIDAY + timedelta(hours=2))
    with pytest.raises(Conflict, match="training_own"):
        school.confirms(shift, group.leader)
    assert school.confirms(shift, group.leader, who) == 1
    assert school.completions(group.leader) == []


def test_whoever_has_no_place_in_the_date_is_not_confirmed(
    school: School, group: Group, after: After
) -> None:
    shift, other_shift = school.date(maximum=1), school.date(FRIDAY + timedelta(days=7))
    first, waiting, elsewhere = group.volunteer(), group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(waiting, shift)
    group.joins(elsewhere, other_shift)
    after(FRIDAY + timedelta(hours=2))
    for key in (school.signup(waiting, shift), school.signup(elsewhere, other_shift), "x"):
        with pytest.raises(Conflict, match="attend_no_place"):
            confirm(school, shift, key)


def confirm(school: School, shift: Shift, key: str) -> None:
    with school.group.act_as(school.group.leader.actor) as act:
        training = act.session.get_one(Training, school.training_id)
        confirm_at_date(act, training, act.session.get_one(Shift, shift.id), [key])


def test_enough_right_answers_complete_it_and_three_tries_a_day(
    school: School, group: Group, after: After
) -> None:
    who = group.volunteer()
    assert not school.answers(who, WRONG).passed
    for _ in range(2):
        school.answers(who, WRONG)
    with pytest.raises(Conflict, match="training_tries"):
        school.answers(who, RIGHT)
    after(group.cast.now + timedelta(hours=25))
    answered = school.answers(who, RIGHT)
    assert (answered.right, answered.passed) == (2, True)
    assert school.answers(who, WRONG).passed  # done is done
    assert [one.way for one in school.completions(who)] == [CompletionWay.PASSED]
    with pytest.raises(Invalid):
        school.answers(group.volunteer(), (1,))


def test_answers_to_other_questions_than_were_read_are_refused(
    school: School, group: Group
) -> None:
    who, version = group.volunteer(), school.training().version
    with group.act_as(group.leader.actor) as act:
        set_questions(act, act.session.get_one(Training, school.training_id), QUESTIONS[:1], 1)
    with group.act_as(who.actor) as act:
        found = act.session.get_one(Training, school.training_id)
        with pytest.raises(Conflict, match="questions_changed"):
            answer_questions(act, found, [1], version)


def test_an_activity_that_asks_for_it_refuses_whoever_has_not_done_it(
    school: School, group: Group
) -> None:
    activity, (shift,) = group.run()
    school.asked_by(activity)
    who = group.volunteer()
    with pytest.raises(Conflict, match="training_needed_home") as refused:
        group.joins(who, shift)
    assert refused.value.params["training"] == school.training().title
    assert refused.value.params["address"] == school.page
    date_shift = school.date()
    with pytest.raises(Conflict, match="training_needed_date") as refused:
        group.joins(who, shift)
    assert refused.value.params["when"]["zh"].startswith("11\xa0月\xa027\xa0日周五 19:00")
    assert group.joins(who, date_shift) is SignupState.SIGNED_UP
    school.answers(who, RIGHT)
    assert group.joins(who, shift) is SignupState.SIGNED_UP


def test_what_has_expired_by_the_day_of_the_shift_or_was_revoked_does_not_count(
    school: School, group: Group
) -> None:
    far = group.cast.now + timedelta(days=40)
    activity, (shift,) = group.run(group.shift(far.replace(hour=1, minute=0)))
    school.asked_by(activity)
    soon, long, gone = group.volunteer(), group.volunteer(), group.volunteer()
    school.has_done(soon, 39)
    school.has_done(long, 40)
    school.has_done(gone, None)
    (kept,) = school.completions(gone)
    with group.act_as(group.leader.actor) as act:
        revoke_completion(act, act.session.get_one(Completion, kept.id), "登记错了人")
    assert group.joins(long, shift) is SignupState.SIGNED_UP
    for who in (soon, gone):
        with pytest.raises(Conflict, match="training_needed"):
            group.joins(who, shift)
    assert group.told(gone) == ["training_revoked"]


def test_coordinators_cannot_put_on_the_list_who_lacks_it(
    school: School, group: Group, after: After
) -> None:
    activity, (shift,) = group.run()
    school.asked_by(activity)
    who = group.volunteer()
    after(SATURDAY)
    with group.act_as(group.leader.actor) as act:
        found = act.session.get_one(Shift, shift.id)
        with pytest.raises(Conflict, match="training_needed"):
            admit(act, found, Address(AddressKind.PHONE, who.phone))


def test_whoever_lacks_it_is_passed_over_and_moves_up_once_it_is_done(
    school: School, group: Group
) -> None:
    activity, (shift,) = group.run(group.shift(maximum=1))
    first, second, third = group.volunteer(), group.volunteer(), group.volunteer()
    for one in (first, second, third):
        group.joins(one, shift)
    school.asked_by(activity)
    school.answers(third, RIGHT)
    group.says_no(first, shift)
    assert group.state(third, shift) is SignupState.SIGNED_UP
    assert group.state(second, shift) is SignupState.WAITING
    group.says_no(third, shift)
    assert group.fresh(shift).taken == 0
    school.answers(second, RIGHT)
    run_job(group, fill_shifts)
    assert group.state(second, shift) is SignupState.SIGNED_UP


def test_an_activity_asks_for_public_trainings_and_for_those_of_the_same_members(
    school: School, group: Group
) -> None:
    inside = make_school(group, title="队内课", circle=Circle.MEMBERS)
    open_one, _ = group.run(title="给大家的")
    closed, _ = group.run(title="给成员的", circle=Circle.MEMBERS)
    shift = school.date()
    for activity_id, key, code in (
        (open_one.id, inside.training_key, "training_members_only"),
        (open_one.id, "nosuchtraining", "training_unknown"),
        (shift.activity_id, school.training_key, "training_of_itself"),
    ):
        with group.act_as(group.leader.actor) as act, pytest.raises(Invalid) as refused:
            require_trainings(act, act.session.get_one(Activity, activity_id), [key])
        assert refused.value.fields == {"trainings": [code]}
    with group.act_as(group.leader.actor) as act:
        keys = [inside.training_key, school.training_key]
        require_trainings(act, act.session.get_one(Activity, closed.id), keys)
    with group.act_as(group.cast.stranger.actor) as act, pytest.raises(Forbidden):
        require_trainings(act, act.session.get_one(Activity, open_one.id), [])
    with group.act_as(group.leader.actor) as act:
        spring = SATURDAY.date() + timedelta(days=90)
        copy = copy_activity(act, act.session.get_one(Activity, closed.id), spring).activity
        again = {one.public_id for one in required_by(act.session, copy.id)}
    assert again == set(keys)


def test_what_was_withdrawn_is_asked_for_no_more_and_its_activities_hear_of_it(
    school: School, group: Group
) -> None:
    activity, (shift,) = group.run()
    school.asked_by(activity)
    other = group.cast.make_player("别人", VILLAGE, group.leader.organisation, Role.MANAGER)
    with group.act_as(group.leader.actor) as act:
        withdraw_training(act, act.session.get_one(Training, school.training_id))
    assert group.told(other) == ["training_withdrawn"]
    assert group.joins(group.volunteer(), shift) is SignupState.SIGNED_UP
    with pytest.raises(Conflict, match="training_no_questions"):
        school.answers(group.volunteer(), RIGHT)


def test_what_is_needed_is_not_taken_away(school: School, group: Group) -> None:
    material = school.training().materials[0].public_id
    with group.act_as(group.leader.actor) as act, pytest.raises(Conflict, match="last_material"):
        remove_material(act, act.session.get_one(Training, school.training_id), material)
    school.date()
    with group.act_as(group.leader.actor) as act, pytest.raises(Conflict, match="has_dates"):
        withdraw_training(act, act.session.get_one(Training, school.training_id))
    with group.act_as(group.leader.actor) as act, pytest.raises(Conflict, match="training_state"):
        discard_training(act, act.session.get_one(Training, school.training_id))


def test_a_draft_goes_with_its_materials_and_dates(group: Group) -> None:
    school = make_school(group, publish=False)
    dates_id = school.date().activity_id
    with group.act_as(group.leader.actor) as act:
        discard_training(act, act.session.get_one(Training, school.training_id))
    group.session.rollback()
    assert group.session.get(Training, school.training_id) is None
    assert group.session.get(Activity, dates_id) is None


def test_only_verified_organisations_publish_and_only_managers_make(group: Group) -> None:
    owner = group.cast.make_organisation(OrganisationKind.VOLUNTEER_GROUP, "新队", VILLAGE)
    leader = group.cast.make_player("新人", VILLAGE, owner, Role.MANAGER)
    with group.act_as(leader.actor) as act:
        made = make_training(act, owner.id, TrainingValues("课", division_code=VILLAGE))
        again = make_training(act, owner.id, TrainingValues("课", division_code=VILLAGE))
        assert made.id == again.id
    with group.act_as(leader.actor) as act, pytest.raises(Conflict, match="needs_verified"):
        publish_training(act, act.session.get_one(Training, made.id))
    with group.act_as(group.helper.actor) as act, pytest.raises(Forbidden):
        make_training(act, group.helper.organisation_id, TrainingValues("课"))


def test_thirty_days_before_the_end_its_volunteer_hears_it_once(
    school: School, group: Group
) -> None:
    soon, later, renewed = group.volunteer(), group.volunteer(), group.volunteer()
    school.has_done(soon, 30)
    school.has_done(later, 31)
    school.has_done(renewed, 5)
    (first,) = school.completions(renewed)
    group.session.get_one(Completion, first.id).completed_on -= timedelta(days=300)
    school.has_done(renewed, 365)
    for _ in range(2):
        run_job(group, remind_of_expiry)
    assert group.told(soon) == ["training_expires"]
    assert group.told(later) == group.told(renewed) == []


def test_three_forms_of_who_may_see_it_agree(group: Group, act_as: OpenAct) -> None:
    schools = [
        make_school(group, title=f"课{number}", circle=circle, publish=publish, **place)
        for number, (circle, publish, place) in enumerate(
            (circle, publish, place)
            for circle in Circle
            for publish in (True, False)
            for place in ({}, {"division_code": None})
        )
    ]
    people: list[Player] = [
        group.leader, group.helper, group.cast.stranger, group.cast.broker, group.cast.supervisor,
    ]  # fmt: skip
    for who in people:
        actor = who.actor
        seen = set(group.session.scalars(sa.select(Training.id).where(visible_to(actor))))
        for one in schools:
            training = one.training()
            assert can_see(actor, training) == (training.id in seen), (
                who.person.name,
                training.title,
            )
            if training.state is TrainingState.PUBLISHED:
                shared = audience_of(training) & audience_tokens(actor)
                assert bool(shared) == can_see(actor, training)


def test_whoever_has_completed_it_goes_on_seeing_it(group: Group) -> None:
    inside = make_school(group, circle=Circle.MEMBERS)
    who = group.volunteer()
    with pytest.raises(NotFound):
        seen_training(group.session, who.actor, inside.training_key)
    inside.has_done(who, 10)
    assert seen_training(group.session, who.actor, inside.training_key).id == inside.training_id


def test_tries_keep_no_answers(school: School, group: Group) -> None:
    school.answers(group.volunteer(), WRONG)
    group.session.rollback()
    (row,) = group.session.scalars(sa.select(TrainingTry)).all()
    assert (row.right, row.asked, row.passed) == (1, 2, False)
    assert "answers" not in {column.name for column in TrainingTry.__table__.columns}
