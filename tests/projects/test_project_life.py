"""From a draft to what everybody sees, and through its life."""

from datetime import timedelta

import pytest

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.projects.budget import add_budget_line, change_budget_line, remove_budget_line
from exchange.projects.changing import change_project, choose_worker, go_to_stage
from exchange.projects.kinds import Publication, Stage
from exchange.projects.making import Beginning, discard_project, make_project
from exchange.projects.milestones import (
    Step,
    add_milestone,
    change_milestone,
    reach_milestone,
    remove_milestone,
)
from exchange.projects.permissions import can_see
from exchange.projects.publishing import (
    approve_project,
    hold_project,
    return_project,
    submit_project,
    withdraw_project,
)
from exchange.projects.values import values_of
from tests.cast import VILLAGE, Cast, Player
from tests.projects.village import VALUES, Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture


def unverified(cast: Cast) -> Player:
    owner = cast.make_organisation(OrganisationKind.COOPERATIVE, "朵贝茶叶合作社", VILLAGE)
    return cast.make_player("马小云", VILLAGE, owner, Role.MANAGER)


def test_a_project_begins_as_a_draft_of_its_own_people(village: Village, cast: Cast) -> None:
    public_id = village.begin()
    project = village.fresh(public_id)
    assert project.publication is Publication.DRAFT
    assert project.milestones[0].title == "定下产品，和农户说好标准"
    assert can_see(cast.officer.actor, project)
    for other in (cast.broker, cast.enterprise, cast.stranger):
        assert not can_see(other.actor, project)


def test_sent_twice_it_is_made_once(village: Village) -> None:
    assert village.begin() == village.begin()


def test_nobody_begins_one_for_strangers(village: Village, cast: Cast) -> None:
    owner_id = cast.officer.organisation_id
    with pytest.raises(Forbidden), village.act_as(cast.stranger.actor) as act:
        make_project(act, owner_id, VALUES, Beginning())


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("title", "", "required"),
        ("title", "一" * 81, "too_long"),
        ("aim", "打电话 13800001234", "project_contact_in_text"),
        ("places", ("529999999999",), "unknown_place"),
        ("category_code", "nothing.such", "unknown_category"),
        ("beneficiaries", ("kings",), "unknown_group"),
        ("beneficiary_count", -1, "project_people_count"),
    ],
)
def test_what_may_not_be_kept_is_named_by_field(
    village: Village, field: str, said: object, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        village.begin(None, **{field: said})
    assert code in refused.value.fields[field]


def test_a_verified_organisations_is_published_at_once(village: Village, cast: Cast) -> None:
    public_id = village.begin()
    village.do(cast.officer, public_id, submit_project)
    village.do(cast.officer, public_id, submit_project)
    project = village.fresh(public_id)
    assert project.publication is Publication.PUBLISHED
    assert can_see(cast.stranger.actor, project)


def test_anothers_waits_for_the_station(village: Village, cast: Cast) -> None:
    owner = unverified(cast)
    assert cast.broker
    public_id = village.begin(owner)
    village.do(owner, public_id, submit_project)
    project = village.fresh(public_id)
    assert project.publication is Publication.SUBMITTED
    assert can_see(cast.broker.actor, project)
    assert not can_see(cast.enterprise.actor, project)
    assert village.told(cast.broker) == ["project_submitted"]
    village.do(cast.broker, public_id, approve_project, version=project.version)
    project = village.fresh(public_id)
    assert project.publication is Publication.PUBLISHED
    assert project.worker_id == cast.broker.person_id
    assert village.told(owner) == ["project_published"]


def test_the_station_gives_it_back_with_a_note(village: Village, cast: Cast) -> None:
    owner = unverified(cast)
    public_id = village.begin(owner)
    village.do(owner, public_id, submit_project)
    with pytest.raises(Invalid):
        village.do(cast.broker, public_id, return_project, note="  ")
    village.do(cast.broker, public_id, return_project, note="请写清楚时间")
    project = village.fresh(public_id)
    assert (project.publication, project.review_note) == (Publication.DRAFT, "请写清楚时间")
    assert village.told(owner) == ["project_returned"]


def test_what_changed_under_the_reviewers_eyes_is_not_approved(
    village: Village, cast: Cast
) -> None:
    owner = unverified(cast)
    public_id = village.begin(owner)
    village.do(owner, public_id, submit_project)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        village.do(cast.broker, public_id, approve_project, version=1)


def test_nobody_else_reviews(village: Village, cast: Cast) -> None:
    owner = unverified(cast)
    public_id = village.begin(owner)
    village.do(owner, public_id, submit_project)
    for who in (cast.enterprise, owner, cast.stranger):
        with pytest.raises(Forbidden):
            village.do(who, public_id, approve_project)


def test_without_a_place_or_an_aim_it_is_not_published(village: Village, cast: Cast) -> None:
    public_id = village.begin(None, aim="", places=())
    with pytest.raises(Invalid) as refused:
        village.do(cast.officer, public_id, submit_project)
    assert set(refused.value.fields) == {"aim", "places"}


def test_a_named_child_stays_with_the_social_workers(village: Village, cast: Cast) -> None:
    aim = "王小明同学父母在外，是留守儿童，要有人陪。"
    public_id = village.begin(None, aim=aim)
    with pytest.raises(Invalid) as refused:
        village.do(cast.officer, public_id, submit_project)
    assert refused.value.fields == {"visibility": ["project_names_person"]}


def test_other_words_of_an_unverified_organisation_are_reviewed_again(
    village: Village, cast: Cast
) -> None:
    owner = unverified(cast)
    public_id = village.project(owner)
    values = values_of(village.fresh(public_id))
    village.do(
        owner, public_id, change_project, values=values.__class__(**{**vars(values), "aim": "另"})
    )
    assert village.fresh(public_id).publication is Publication.SUBMITTED


def test_an_older_version_does_not_overwrite(village: Village, cast: Cast) -> None:
    public_id = village.project()
    values = values_of(village.fresh(public_id))
    other = values.__class__(**{**vars(values), "aim": "第一个改"})
    village.do(cast.officer, public_id, change_project, values=other, version=1)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        village.do(cast.officer, public_id, change_project, values=values, version=1)
    assert village.fresh(public_id).aim == "第一个改"


def test_taken_back_and_shown_again(village: Village, cast: Cast) -> None:
    public_id = village.project()
    village.do(cast.officer, public_id, withdraw_project)
    assert not can_see(cast.enterprise.actor, village.fresh(public_id))
    village.do(cast.officer, public_id, submit_project)
    assert can_see(cast.enterprise.actor, village.fresh(public_id))


def test_a_supervisor_hides_and_shows_it(village: Village, cast: Cast) -> None:
    public_id = village.project()
    with pytest.raises(Forbidden):
        village.do(cast.broker, public_id, hold_project, held=True)
    village.do(cast.supervisor, public_id, hold_project, held=True)
    assert not can_see(cast.enterprise.actor, village.fresh(public_id))
    assert can_see(cast.officer.actor, village.fresh(public_id))
    assert village.told(cast.officer) == ["project_held"]
    village.do(cast.supervisor, public_id, hold_project, held=False)
    assert can_see(cast.enterprise.actor, village.fresh(public_id))


def test_only_a_draft_is_thrown_away(village: Village, cast: Cast) -> None:
    draft, shown = village.begin(), village.project()
    village.do(cast.officer, draft, discard_project)
    with pytest.raises(Conflict):
        village.do(cast.officer, shown, discard_project)
    village.session.rollback()
    assert village.session.query(type(village.load(shown))).count() == 1


def test_stages_lead_where_the_table_says(village: Village, cast: Cast) -> None:
    public_id = village.project(stage=Stage.PLANNED)
    village.do(cast.officer, public_id, go_to_stage, wanted=Stage.RUNNING)
    village.do(cast.officer, public_id, go_to_stage, wanted=Stage.RUNNING)
    with pytest.raises(Conflict, match="project_stage"):
        village.do(cast.officer, public_id, go_to_stage, wanted=Stage.EVALUATED)
    village.do(cast.officer, public_id, go_to_stage, wanted=Stage.COMPLETED)
    assert village.fresh(public_id).ended_at is not None
    village.do(cast.officer, public_id, go_to_stage, wanted=Stage.RUNNING)
    assert village.fresh(public_id).ended_at is None
    with pytest.raises(Forbidden):
        village.do(cast.enterprise, public_id, go_to_stage, wanted=Stage.PAUSED)


def test_stopping_needs_a_reason(village: Village, cast: Cast) -> None:
    public_id = village.project()
    with pytest.raises(Invalid):
        village.do(cast.officer, public_id, go_to_stage, wanted=Stage.STOPPED)
    village.do(cast.officer, public_id, go_to_stage, wanted=Stage.STOPPED, reason="地没谈成")
    assert village.fresh(public_id).stop_reason == "地没谈成"


def test_milestones_are_reached_on_a_day(village: Village, cast: Cast) -> None:
    public_id = village.project()
    today = cast.now.date()
    village.do(cast.officer, public_id, add_milestone, step=Step("修好路", today))
    village.do(cast.officer, public_id, add_milestone, step=Step("修好路", today))
    (step,) = village.fresh(public_id).milestones
    key = step.public_id
    with pytest.raises(Invalid):
        _reach(village, cast.officer, public_id, key, today + timedelta(days=2))
    _reach(village, cast.officer, public_id, key, today)
    assert village.fresh(public_id).milestones[0].done_on == today
    _reach(village, cast.officer, public_id, key, None)
    assert village.fresh(public_id).milestones[0].done_on is None
    with village.act_as(cast.officer.actor) as act:
        change_milestone(act, village.load(public_id, act.session), key, Step("修好桥"))
    assert village.fresh(public_id).milestones[0].title == "修好桥"
    with pytest.raises(Forbidden):
        _reach(village, cast.enterprise, public_id, key, today)
    with village.act_as(cast.officer.actor) as act:
        remove_milestone(act, village.load(public_id, act.session), key)
    assert village.fresh(public_id).milestones == []


def _reach(village: Village, who: Player, public_id: str, key: str, on: object) -> None:
    with village.act_as(who.actor) as act:
        reach_milestone(act, village.load(public_id, act.session), key, on)  # type: ignore[arg-type]


def test_the_budget_adds_up(village: Village, cast: Cast) -> None:
    public_id = village.project()
    for purpose, fen in (("包装", 300_000), ("加工", 700_050)):
        village.do(cast.officer, public_id, add_budget_line, purpose=purpose, planned_fen=fen)
    assert village.fresh(public_id).planned_fen == 1_000_050
    first = village.fresh(public_id).budget[0].public_id
    with village.act_as(cast.officer.actor) as act:
        change_budget_line(act, village.load(public_id, act.session), first, "包装", 100)
    assert village.fresh(public_id).planned_fen == 700_150
    with village.act_as(cast.officer.actor) as act:
        remove_budget_line(act, village.load(public_id, act.session), first)
    assert village.fresh(public_id).planned_fen == 700_050
    with pytest.raises(Invalid):
        village.do(cast.officer, public_id, add_budget_line, purpose="负", planned_fen=-1)
    with pytest.raises(NotFound), village.act_as(cast.officer.actor) as act:
        change_budget_line(act, village.load(public_id, act.session), "nothing", "x", 1)


def test_a_broker_takes_it_and_a_supervisor_chooses(village: Village, cast: Cast) -> None:
    public_id = village.project()
    village.do(cast.broker, public_id, choose_worker, person_id=cast.broker.person_id)
    assert village.fresh(public_id).worker_id == cast.broker.person_id
    with pytest.raises(Invalid):
        village.do(cast.supervisor, public_id, choose_worker, person_id=cast.stranger.person_id)
    with pytest.raises(Forbidden):
        village.do(cast.enterprise, public_id, choose_worker, person_id=cast.enterprise.person_id)
    village.do(cast.supervisor, public_id, choose_worker, person_id=None)
    assert village.fresh(public_id).worker_id is None


def test_only_verified_organisations_see_what_is_for_them(village: Village, cast: Cast) -> None:
    project = village.fresh(village.project(visibility=Visibility.VERIFIED))
    assert can_see(cast.enterprise.actor, project)
    assert not can_see(cast.stranger.actor, project)
