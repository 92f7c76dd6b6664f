"""What other pages show of attendance and hours."""

from typing import Any

from flask import Flask

from exchange.accounts.models import Organisation
from exchange.volunteering.attendance.permissions import may_answer_for
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import Activity, Shift
from exchange.web.acting import current_actor, house
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """On one's own pages, on those of coordinators, and on an organisation's for its managers."""
    fill_slot(app, "me.links", _mine, order=32)
    fill_slot(app, "organisation.panels", _managed, order=60)
    fill_slot(app, "volunteering.mine.ways", _mine, order=60)
    fill_slot(app, "activities.managed", _looked_after, order=60)
    fill_slot(app, "shift.people", _of_shift, order=60)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/_hours_link.html")


def _managed(organisation: Organisation, **_values: Any) -> PanelContent | None:
    if not may_answer_for(current_actor(), organisation.id):
        return None
    return PanelContent("volunteering/_hours_of_organisation.html", {"organisation": organisation})


def _looked_after(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/_attendance_link.html")


def _of_shift(
    shift: Shift, activity: Activity, *, may_manage: bool = False, **_values: Any
) -> PanelContent | None:
    if shift.state is not ShiftState.OPEN or activity.state is ActivityState.DRAFT:
        return None
    is_over = shift.ends_at <= house().clock.now()
    values = {"shift": shift, "may_manage": may_manage, "is_over": is_over}
    return PanelContent("volunteering/_attendance_of_shift.html", values)
