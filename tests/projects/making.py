"""A project for a test, committed to the database; each call states only what matters."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

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
    now: datetime,
    title: str = "冷链项目",
    stage: Stage = Stage.RUNNING,
    publication: Publication = Publication.PUBLISHED,
    visibility: Visibility = Visibility.PUBLIC,
    places: Sequence[str] = (),
    **values: Any,
) -> Project:
    """A published project in its organisation's place. Within an act it is only flushed."""
    session = session_or_act.session if isinstance(session_or_act, Act) else session_or_act
    chosen = places or [organisation.division_code or ""]
    dates = {"from_date": date(2026, 6, 1), "to_date": date(2027, 5, 31)}
    made = Project(
        organisation_id=organisation.id, title=title, stage=stage, publication=publication,
        visibility=visibility, aim="让刺梨鲜果当天运出村", created_at=now, updated_at=now,
        published_at=now if publication is Publication.PUBLISHED else None,
        divisions=[ProjectDivision(division_code=code) for code in chosen],
        **{**dates, **values},
    )  # fmt: skip
    session.add(made)
    if isinstance(session_or_act, Act):
        session.flush()
    else:
        session.commit()
    return made
