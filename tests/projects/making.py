"""A project as most tests need it: published, of the village committee, in its village."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.listings.kinds import Visibility
from exchange.projects.kinds import Publication, Stage
from exchange.projects.models import Project, ProjectDivision
from tests.cast import VILLAGE


def make_project(
    session_or_act: Session | Act,
    organisation: Organisation,
    *,
    title: str = "冷链项目",
    stage: Stage = Stage.RUNNING,
    publication: Publication = Publication.PUBLISHED,
    visibility: Visibility = Visibility.PUBLIC,
    places: tuple[str, ...] = (),
    now: datetime,
    **values: Any,
) -> Project:
    """A project, in the database when this returns; in a session it is committed."""
    session = session_or_act.session if isinstance(session_or_act, Act) else session_or_act
    chosen: dict[str, Any] = {"aim": "让鲜果当天运到贵阳。", "beneficiaries": ["general"], **values}
    project = Project(
        organisation_id=organisation.id, title=title, stage=stage, publication=publication,
        visibility=visibility, created_at=now, updated_at=now, version=1,
        published_at=now if publication is Publication.PUBLISHED else None, **chosen,
    )  # fmt: skip
    where = places or (organisation.division_code or VILLAGE,)
    project.divisions = [ProjectDivision(division_code=code) for code in where]
    session.add(project)
    session.flush() if isinstance(session_or_act, Act) else session.commit()
    return project
