"""On the pages of projects and activities: the way to report, what was decided about one's own, and
for those who decide the way to a case.
"""

from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import Verification
from exchange.moderation.kinds import CaseState
from exchange.moderation.models import ModerationCase
from exchange.moderation.owner_panels import decision_view
from exchange.moderation.permissions import can_handle
from exchange.moderation.queries import open_case_about, own_decisions
from exchange.projects.kinds import Publication
from exchange.projects.models import Project
from exchange.projects.slots import END, STORY
from exchange.volunteering.kinds import SHOWN_STATES
from exchange.volunteering.models import Activity
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, STORY, project_decision, order=3)
    fill_slot(app, STORY, project_case, order=4)
    fill_slot(app, END, project_report, order=95)
    fill_slot(app, "activity.top", activity_decision, order=3)
    fill_slot(app, "activity.top", activity_case, order=4)
    fill_slot(app, "activity.main", activity_report, order=95)


def about_nothing_published() -> ColumnElement[bool]:
    """SQL: the case is about an organisation or a person, not about one thing of theirs."""
    return sa.and_(
        ModerationCase.listing_id.is_(None),
        ModerationCase.project_id.is_(None),
        ModerationCase.activity_id.is_(None),
    )


def decision_panel(about: ColumnElement[bool]) -> PanelContent | None:
    """On one's own: why it is hidden, what is to be put right, the way to appeal."""
    session, actor = read_session(), current_actor()
    case = next(iter(own_decisions(session, actor, about, limit=1)), None)
    if case is None:
        return None
    view = decision_view(session, actor, case)
    if not (view.is_held or view.may_appeal or case.state is CaseState.WAITING):
        return None
    url = url_for("moderation.decision", public_id=case.public_id)
    return PanelContent("moderation/_decision.html", {"view": view, "url": url})


def case_panel(key: str, *, suspended: bool) -> PanelContent | None:
    """For those who decide: an open case, and an owner who is suspended."""
    actor = current_actor()
    if not actor.is_broker:
        return None
    case, url = open_case_about(read_session(), key), ""
    if case is not None and can_handle(actor, case):
        url = url_for("moderation.show", public_id=case.public_id)
    if not url and not suspended:
        return None
    return PanelContent("moderation/_case_link.html", {"url": url, "suspended": suspended})


def project_report(project: Project, **_values: Any) -> PanelContent | None:
    """The way to report a project that is not one's own."""
    own = current_actor().belongs_to(project.organisation_id)
    if own or project.publication is not Publication.PUBLISHED:
        return None
    return _report_link("project", project.public_id)


def project_decision(project: Project, **_values: Any) -> PanelContent | None:
    """What was decided about one's own project."""
    if not current_actor().belongs_to(project.organisation_id):
        return None
    own = ModerationCase.project_id == project.id
    return decision_panel(
        sa.or_(own, _of_owner(project.organisation_id, is_held=project.held_at is not None))
    )


def project_case(project: Project, **_values: Any) -> PanelContent | None:
    """The way to an open case about a project."""
    suspended = project.organisation.verification is Verification.SUSPENDED
    return case_panel(f"project:{project.id}", suspended=suspended)


def activity_report(activity: Activity, **_values: Any) -> PanelContent | None:
    """The way to report an activity that is not one's own."""
    own = current_actor().belongs_to(activity.organisation_id)
    if own or activity.state not in SHOWN_STATES:
        return None
    return _report_link("activity", activity.public_id)


def activity_decision(activity: Activity, **_values: Any) -> PanelContent | None:
    """What was decided about one's own activity."""
    if not current_actor().belongs_to(activity.organisation_id):
        return None
    own = ModerationCase.activity_id == activity.id
    return decision_panel(
        sa.or_(own, _of_owner(activity.organisation_id, is_held=activity.held_at is not None))
    )


def activity_case(activity: Activity, **_values: Any) -> PanelContent | None:
    """The way to an open case about an activity."""
    suspended = activity.organisation.verification is Verification.SUSPENDED
    return case_panel(f"activity:{activity.id}", suspended=suspended)


def _of_owner(organisation_id: int, *, is_held: bool) -> ColumnElement[bool]:
    """SQL: a case about the owner, which has hidden this, too."""
    return sa.and_(
        about_nothing_published(),
        ModerationCase.organisation_id == organisation_id,
        sa.literal(is_held),
    )


def _report_link(kind: str, public_id: str) -> PanelContent:
    url = url_for("moderation.report_one", kind=kind, public_id=public_id)
    return PanelContent("moderation/_report_link.html", {"url": url})
