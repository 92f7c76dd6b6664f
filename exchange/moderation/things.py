"""What can be reported and hidden: listings, projects and activities; each with its own holds.

Rows are taken in this order: listings, projects, activities, each by id, and only then the case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.act import Act
from exchange.listings.holding import set_held as set_listing_held
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.models import Listing
from exchange.moderation.models import ActivityHold, CaseHold, ModerationCase, ProjectHold
from exchange.projects.holding import set_held as set_project_held
from exchange.projects.kinds import Publication
from exchange.projects.models import Project
from exchange.volunteering.holding import set_held as set_activity_held
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity

Thing = Listing | Project | Activity
Hold = type[CaseHold] | type[ProjectHold] | type[ActivityHold]
HOLDS: tuple[Hold, ...] = (CaseHold, ProjectHold, ActivityHold)
NAMES: dict[type[Any], str] = {Listing: "listing", Project: "project", Activity: "activity"}


@dataclass
class Refs:
    """Ids of things, by kind."""

    listings: set[int] = field(default_factory=set)
    projects: set[int] = field(default_factory=set)
    activities: set[int] = field(default_factory=set)


def refs_of(target: Any) -> Refs:
    """What a target or a case is about."""
    found = Refs()
    for ids, one in (
        (found.listings, target.listing_id), (found.projects, target.project_id),
        (found.activities, target.activity_id),
    ):  # fmt: skip
        if one is not None:
            ids.add(one)
    return found


def key_of(thing: Thing) -> str:
    """What joins the reports about it to one case."""
    return f"{NAMES[type(thing)]}:{thing.id}"


def lock_things(act: Act, refs: Refs) -> list[Thing]:
    """Lock all of these and read them afresh."""
    found: list[Thing] = [*_lock(act, Listing, refs.listings)]
    found += _lock(act, Project, refs.projects)
    found += _lock(act, Activity, refs.activities)
    return found


def shown_things(act: Act, organisation_id: int) -> Refs:
    """What an organisation has that others can see, or could once reviewed."""
    listings = sa.select(Listing.id).where(
        Listing.organisation_id == organisation_id,
        Listing.state.in_((*OPEN_STATES, State.SUBMITTED)),
    )
    projects = sa.select(Project.id).where(
        Project.organisation_id == organisation_id,
        Project.publication.in_((Publication.PUBLISHED, Publication.SUBMITTED)),
    )
    activities = sa.select(Activity.id).where(
        Activity.organisation_id == organisation_id, Activity.state == ActivityState.PUBLISHED
    )
    session = act.session
    return Refs(
        set(session.scalars(listings)), set(session.scalars(projects)),
        set(session.scalars(activities)),
    )  # fmt: skip


def held_for(act: Act, case_ids: Collection[int]) -> Refs:
    """What is hidden for these cases."""
    wanted = sorted(case_ids)

    def ids(model: Any, column: Any) -> set[int]:
        query = sa.select(column).where(model.case_id.in_(wanted), model.released_at.is_(None))
        return set(act.session.scalars(query))

    return Refs(
        ids(CaseHold, CaseHold.listing_id), ids(ProjectHold, ProjectHold.project_id),
        ids(ActivityHold, ActivityHold.activity_id),
    )  # fmt: skip


def put_hold(act: Act, case: ModerationCase, thing: Thing) -> None:
    """Hide a thing that is locked for a case, on record."""
    kept = _kept(act, case, thing)
    if kept is None:
        model, column = _hold_of(thing)
        values: dict[str, Any] = {column: thing.id}
        act.session.add(model(case_id=case.id, held_at=act.now, **values))
    elif kept.released_at is not None:
        kept.held_at, kept.released_at = act.now, None
    act.session.flush()
    _set(act, thing, held=True)


def end_hold(act: Act, case: ModerationCase, thing: Thing) -> bool:
    """Let go of a thing that is locked, and show it unless another case hides it, too."""
    kept = _kept(act, case, thing)
    if kept is None or kept.released_at is not None:
        return False
    kept.released_at = act.now
    act.session.flush()
    if not _is_held_elsewhere(act, thing):
        _set(act, thing, held=False)
    return True


def holds_anything(session: Session, case_id: int) -> bool:
    """Whether something is hidden for the case."""
    ways = [
        sa.exists().where(model.case_id == case_id, model.released_at.is_(None)) for model in HOLDS
    ]
    return bool(session.scalar(sa.select(sa.or_(*ways))))


def ever_held() -> ColumnElement[bool]:
    """SQL: something was hidden for the case."""
    return sa.or_(
        *(
            sa.exists().where(model.case_id == ModerationCase.id).correlate(ModerationCase)
            for model in HOLDS
        )
    )


def _lock(act: Act, model: Any, ids: Iterable[int]) -> list[Any]:
    wanted = sorted(ids)
    if not wanted:
        return []
    query = sa.select(model).where(model.id.in_(wanted)).order_by(model.id)
    locking = query.with_for_update(of=model).execution_options(populate_existing=True)
    return list(act.session.scalars(locking))


def _hold_of(thing: Thing) -> tuple[Hold, str]:
    if isinstance(thing, Listing):
        return CaseHold, "listing_id"
    return (ProjectHold, "project_id") if isinstance(thing, Project) else (
        ActivityHold, "activity_id"
    )  # fmt: skip


def _kept(act: Act, case: ModerationCase, thing: Thing) -> Any:
    model, _ = _hold_of(thing)
    return act.session.get(model, (case.id, thing.id))


def _is_held_elsewhere(act: Act, thing: Thing) -> bool:
    model, column = _hold_of(thing)
    query = sa.select(model.case_id).where(
        getattr(model, column) == thing.id, model.released_at.is_(None)
    )
    return act.session.execute(query.limit(1)).first() is not None


def _set(act: Act, thing: Thing, *, held: bool) -> None:
    if isinstance(thing, Listing):
        set_listing_held(act, thing, held=held)
    elif isinstance(thing, Project):
        set_project_held(act, thing, held=held)
    else:
        set_activity_held(act, thing, held=held)
