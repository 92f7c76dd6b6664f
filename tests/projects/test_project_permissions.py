"""One permission in three forms: on values, as SQL, as tokens of the index. They agree."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Visibility
from exchange.listings.permissions import audience_tokens
from exchange.projects.kinds import PartnerState, Publication
from exchange.projects.mine_queries import waiting_projects
from exchange.projects.models import Project, ProjectDivision, ProjectPartner
from exchange.projects.permissions import audience_of, can_see, may_review, visible_to
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture

PLACES = ("52", "5204", "520422", "520422102", "520422102243", "520402", "5205")
SERVED = (*PLACES, "CN")


def projects(owners: list[int]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "owner": st.sampled_from(owners),
            "partner": st.sampled_from(owners),
            "state": st.sampled_from(PartnerState),
            "publication": st.sampled_from(Publication),
            "visibility": st.sampled_from(Visibility),
            "places": st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
            "held": st.sampled_from([False, False, True]),
            "worker": st.booleans(),
        }
    )


def actors(owners: list[int], person: int) -> st.SearchStrategy[Actor]:
    return st.builds(
        Actor,
        person_id=st.sampled_from([None, person]),
        organisation_ids=st.frozensets(st.sampled_from(owners), max_size=2),
        organisation_verified=st.booleans(),
        serves=st.lists(st.sampled_from(SERVED), max_size=2, unique=True).map(tuple),
        is_system=st.sampled_from([False, False, False, True]),
    )


@pytest.fixture
def owners(village: Village) -> list[int]:
    kind = OrganisationKind.COOPERATIVE
    return [
        village.cast.make_organisation(kind, f"合作社{number}", "520422").id for number in range(3)
    ]


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_three_forms_of_seeing_agree(
    data: st.DataObject, village: Village, owners: list[int]
) -> None:
    session, person = village.session, village.cast.officer.person_id
    for model in (ProjectPartner, ProjectDivision, Project):
        session.execute(sa.delete(model))
    session.expunge_all()
    for said in data.draw(st.lists(projects(owners), min_size=1, max_size=6)):
        made = Project(
            organisation_id=said["owner"], title="x", publication=said["publication"],
            visibility=said["visibility"], created_at=village.cast.now, beneficiaries=[],
            updated_at=village.cast.now, worker_id=person if said["worker"] else None,
            held_at=village.cast.now if said["held"] else None,
        )  # fmt: skip
        places = said["places"]
        assert isinstance(places, list)
        made.divisions = [ProjectDivision(division_code=code) for code in places]
        if said["partner"] != said["owner"]:
            row = ProjectPartner(
                organisation_id=said["partner"], state=said["state"], invited_at=village.cast.now
            )
            made.partners = [row]
        session.add(made)
    session.flush()
    everything = session.scalars(sa.select(Project)).all()
    indexed = [one for one in everything if one.publication is not Publication.DRAFT]
    for actor in data.draw(st.lists(actors(owners, person), min_size=1, max_size=4)):
        by_values = {one.id for one in everything if can_see(actor, one)}
        by_sql = set(session.scalars(sa.select(Project.id).where(visible_to(actor))))
        assert by_values == by_sql
        tokens = audience_tokens(actor)
        by_tokens = {one.id for one in indexed if tokens is None or tokens & audience_of(one)}
        assert by_tokens == by_values & {one.id for one in indexed}
        waiting = {one.id for one in waiting_projects(session, actor)}
        assert waiting == {
            one.id for one in everything
            if one.publication is Publication.SUBMITTED and may_review(actor, one)
        }  # fmt: skip
