"""Other organisations and needs in a project, the undertaking that follows, and what overlaps."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.listings.undertakings.service import add_needs as put_into_undertaking
from exchange.listings.undertakings.service import remove_need as take_out_of_undertaking
from exchange.projects.kinds import PartnerState, Publication
from exchange.projects.models import ProjectNeed
from exchange.projects.needs import add_needs, remove_need
from exchange.projects.overlap_queries import Ground, ground_of, overlap_with, same_people
from exchange.projects.partnering import (
    answer_invitation,
    invite_partner,
    invited_project,
    leave_project,
    remove_partner,
)
from exchange.projects.permissions import can_see
from exchange.projects.publishing import withdraw_project
from tests.cast import ELSEWHERE, VILLAGE, Cast, Player
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture


def invite(village: Village, public_id: str, who: Player, by: Player | None = None) -> None:
    with village.act_as((by or village.cast.officer).actor) as act:
        project = village.load(public_id, act.session)
        invite_partner(act, project, act.session.merge(who.organisation))


def put(village: Village, who: Player, public_id: str, *needs: Listing) -> None:
    ids = [need.id for need in needs]
    with village.act_as(who.actor) as act:
        found = [act.session.get_one(Listing, one) for one in ids]
        add_needs(act, village.load(public_id, act.session), found)


def inside(village: Village, public_id: str) -> list[int]:
    village.session.rollback()
    project = village.fresh(public_id)
    query = sa.select(ProjectNeed.listing_id).where(ProjectNeed.project_id == project.id)
    return sorted(village.session.scalars(query))


def bundle(village: Village, public_id: str) -> tuple[str, list[int]]:
    project = village.fresh(public_id)
    if project.undertaking_id is None:
        return "", []
    found = village.session.get_one(Undertaking, project.undertaking_id)
    query = sa.select(UndertakingPart.listing_id).where(UndertakingPart.undertaking_id == found.id)
    return found.name, sorted(village.session.scalars(query))


def test_a_partner_is_named_after_its_yes(village: Village, cast: Cast) -> None:
    public_id = village.begin()
    invite(village, public_id, cast.enterprise)
    invite(village, public_id, cast.enterprise)
    assert village.told(cast.enterprise) == ["project_partner_invited"]
    assert village.fresh(public_id).partner_ids == frozenset()
    assert not can_see(cast.enterprise.actor, village.fresh(public_id))
    with village.act_as(cast.enterprise.actor) as act:
        project, asked = invited_project(act.session, act.actor, public_id)
        answer_invitation(act, project, asked, yes=True)
        answer_invitation(act, project, asked, yes=True)
    assert can_see(cast.enterprise.actor, village.fresh(public_id))
    assert village.told(cast.officer) == ["project_partner_accepted"]


def test_who_declined_may_be_asked_again(village: Village, cast: Cast) -> None:
    public_id = village.begin()
    invite(village, public_id, cast.enterprise)
    with village.act_as(cast.enterprise.actor) as act:
        project, asked = invited_project(act.session, act.actor, public_id)
        answer_invitation(act, project, asked, yes=False)
    assert village.told(cast.officer) == ["project_partner_declined"]
    with pytest.raises(NotFound):
        invited_project(village.session, cast.enterprise.actor, public_id)
    invite(village, public_id, cast.enterprise)
    (row,) = village.fresh(public_id).partners
    assert row.state is PartnerState.INVITED


def test_a_partner_leaves_or_is_parted_with(village: Village, cast: Cast) -> None:
    public_id = village.project()
    for end in ("leave", "part"):
        invite(village, public_id, cast.enterprise)
        with village.act_as(cast.enterprise.actor) as act:
            project, asked = invited_project(act.session, act.actor, public_id)
            answer_invitation(act, project, asked, yes=True)
            if end == "leave":
                leave_project(act, project, asked)
        if end == "part":
            village.do(
                cast.officer, public_id, remove_partner,
                organisation_id=cast.enterprise.organisation_id,
            )  # fmt: skip
        assert village.fresh(public_id).partner_ids == frozenset()
    assert village.told(cast.enterprise)[-1] == "project_partner_left"


def test_strangers_invite_nobody_and_answer_nothing(village: Village, cast: Cast) -> None:
    public_id = village.project()
    with pytest.raises(Forbidden):
        invite(village, public_id, cast.enterprise, by=cast.stranger)
    with pytest.raises(Conflict):
        invite(village, public_id, cast.officer)
    with pytest.raises(NotFound):
        invited_project(village.session, cast.stranger.actor, public_id)


def test_needs_come_in_once_and_bring_an_undertaking(village: Village, cast: Cast) -> None:
    public_id = village.project(title="朵贝贡茶")
    one, two = village.need("要一台理条机"), village.need("请人教做茶")
    put(village, cast.officer, public_id, one)
    assert bundle(village, public_id) == ("", [])
    put(village, cast.officer, public_id, one, two)
    assert inside(village, public_id) == sorted([one.id, two.id])
    assert bundle(village, public_id) == ("朵贝贡茶", sorted([one.id, two.id]))
    other = village.project(title="另一个")
    with pytest.raises(Conflict, match="project_need_taken"):
        put(village, cast.officer, other, one)


def test_what_does_not_fit_into_the_undertaking_is_said_to_those_inside(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project()
    path, most = f"/projects/{public_id}", MOST_PARTS
    put(village, cast.officer, public_id, *(village.need(f"需求{n}") for n in range(most)))
    page = village.page(client, path, cast.officer)
    assert "Who could do several of them together" in page
    assert "not among them" not in page
    put(village, cast.officer, public_id, village.need("又一条"), village.need("还有一条"))
    assert len(bundle(village, public_id)[1]) == most
    page = village.page(client, path, cast.officer)
    assert "2 needs of the leading organisation are not among them: at most 12 fit" in page
    assert "Needs of partners" not in page
    invite(village, public_id, cast.enterprise)
    with village.act_as(cast.enterprise.actor) as act:
        answer_invitation(act, *invited_project(act.session, act.actor, public_id), yes=True)
    put(village, cast.enterprise, public_id, village.need("要鲜果", cast.enterprise))
    page = village.page(client, path, cast.officer)
    assert "Needs of partners are not among them" in page
    assert "2 needs of the leading organisation" in page
    assert "not among them" not in village.page(client, path, None)


def test_everybody_reads_which_needs_are_settled_and_how_many_it_is_meant_for(
    village: Village, cast: Cast, client: FlaskClient
) -> None:
    public_id = village.project(beneficiary_count=60)
    one, two = village.need("要一台理条机"), village.need("请人教做茶")
    put(village, cast.officer, public_id, one, two)
    path = f"/projects/{public_id}"
    assert "Fully settled" not in village.page(client, path, None)
    village.session.get_one(Listing, one.id).state = State.FULFILLED
    village.session.commit()
    page = village.page(client, path, None)
    assert page.count("Fully settled") == 1
    assert page.index("要一台理条机") < page.index("Fully settled")
    assert "Meant to reach" in page
    assert "People reached" not in page


def test_what_goes_out_of_one_goes_out_of_both(village: Village, cast: Cast) -> None:
    public_id = village.project()
    needs = [village.need(f"需求{number}") for number in range(3)]
    put(village, cast.officer, public_id, *needs)
    first = needs[0].id
    with village.act_as(cast.officer.actor) as act:
        project = village.load(public_id, act.session)
        remove_need(act, project, act.session.get_one(Listing, first))
    assert (
        inside(village, public_id)
        == bundle(village, public_id)[1]
        == sorted(need.id for need in needs[1:])
    )
    key = village.session.get_one(Undertaking, village.fresh(public_id).undertaking_id).public_id
    with village.act_as(cast.officer.actor) as act:
        put_into_undertaking(act, key, [act.session.get_one(Listing, first)])
    assert first in inside(village, public_id)
    with village.act_as(cast.officer.actor) as act:
        take_out_of_undertaking(act, key, act.session.get_one(Listing, first))
    assert first not in inside(village, public_id)


def test_the_bundle_keeps_a_title_that_is_not_for_everybody(village: Village, cast: Cast) -> None:
    public_id = village.project(title="不公开的名字", visibility=Visibility.VERIFIED)
    put(village, cast.officer, public_id, village.need("一"), village.need("二"))
    assert "不公开" not in bundle(village, public_id)[0]
    shown = village.project(title="公开的名字")
    put(village, cast.officer, shown, village.need("三"), village.need("四"))
    village.do(cast.officer, shown, withdraw_project)
    assert "公开的名字" not in bundle(village, shown)[0]


def test_only_needs_of_those_who_take_part_come_in(village: Village, cast: Cast) -> None:
    public_id = village.project()
    strange = village.need("企业的需求", cast.enterprise)
    with pytest.raises(Forbidden):
        put(village, cast.enterprise, public_id, strange)
    with pytest.raises(Conflict, match="project_need_elsewhere"):
        put(village, cast.officer, public_id, strange)
    invite(village, public_id, cast.enterprise)
    with village.act_as(cast.enterprise.actor) as act:
        project, asked = invited_project(act.session, act.actor, public_id)
        answer_invitation(act, project, asked, yes=True)
    put(village, cast.enterprise, public_id, strange)
    assert inside(village, public_id) == [strange.id]
    closed = village.need("过期的", state=State.EXPIRED)
    with pytest.raises(Conflict, match="undertaking_need_closed"):
        put(village, cast.officer, public_id, closed)


def test_others_in_the_same_village_for_the_same_people_are_shown(
    village: Village, cast: Cast
) -> None:
    mine = village.project(beneficiaries=["elderly"])
    same = village.project(title="老人食堂", beneficiaries=["elderly"], places=("520422",))
    village.project(title="别处的", beneficiaries=["elderly"], places=(ELSEWHERE,))
    village.project(title="别人的", beneficiaries=["women"])
    village.project(title="草稿", beneficiaries=["elderly"], publication=Publication.DRAFT)
    near = village.need("给老人送饭", cast.enterprise, beneficiaries=["elderly"],
                        division_code=VILLAGE)  # fmt: skip
    village.need("自己的", beneficiaries=["elderly"])
    ground = ground_of(village.fresh(mine))
    found = overlap_with(village.session, cast.enterprise.actor, ground)
    assert [one.public_id for one in found.projects] == [same]
    assert [one.id for one in found.needs] == [near.id]


def test_all_villagers_are_no_group_to_overlap_by() -> None:
    ground = Ground((VILLAGE,), ("general",), "market.brand")
    assert not same_people(ground, ["general"], "services.elderly")
    assert same_people(ground, ["general"], "market")
    assert not same_people(ground, ["general"], None)
