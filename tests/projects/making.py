"""Projects that tests need; each call states only what matters."""

from collections.abc import Sequence
from datetime import datetime

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
    places: Sequence[str] = (VILLAGE,),
    now: datetime,
) -> Project:
    """A project of an organisation; flushed within an act, committed in a session."""
    act = session_or_act if isinstance(session_or_act, Act) else None
    session = session_or_act.session if isinstance(session_or_act, Act) else session_or_act
    made = Project(
        organisation_id=organisation.id, title=title, aim="鲜果不烂在地里", stage=stage,
        publication=publication, visibility=visibility, created_at=now, updated_at=now,
        published_at=now if publication is Publication.PUBLISHED else None,
        divisions=[ProjectDivision(division_code=code) for code in places],
    )  # fmt: skip
    session.add(made)
    if act is None:
        session.commit()
    else:
        session.flush()
    return made
