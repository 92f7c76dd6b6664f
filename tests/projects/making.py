"""A project for tests: published, under way, everybody sees it. Each call states what matters."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.listings.kinds import Visibility
from exchange.projects.kinds import Publication, Stage
from exchange.projects.models import Project, ProjectDivision


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
) -> Project:
    """A project of the organisation, where it is unless places are given; flushed."""
    session = session_or_act.session if isinstance(session_or_act, Act) else session_or_act
    published = publication is Publication.PUBLISHED
    project = Project(
        organisation_id=organisation.id,
        stage=stage,
        publication=publication,
        visibility=visibility,
        title=title,
        aim="让刺梨鲜果当天送到贵阳。",
        beneficiaries=["general"],
        created_at=now - timedelta(days=2),
        updated_at=now,
        published_at=now - timedelta(days=1) if published else None,
    )
    where = places or (organisation.division_code,)
    project.divisions = [ProjectDivision(division_code=code) for code in where]
    session.add(project)
    session.flush()
    return project
