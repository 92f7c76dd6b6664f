"""What other pages show of trainings: what an activity asks for, my own, an organisation's."""

from typing import Any

from flask import Flask, g

from exchange.accounts.models import Organisation
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import may_manage, may_run, sees_people
from exchange.volunteering.readers import reader
from exchange.volunteering.training.completion_queries import completions_of_person
from exchange.volunteering.training.labels import WAY_LABELS
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.queries import required_ids, trainings_of_activity
from exchange.volunteering.training.showing import completion_lines, needed_lines
from exchange.web.acting import current_actor, house, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "activity.top", _needed, order=40)
    fill_slot(app, "activity.top", _of_dates, order=30)
    fill_slot(app, "activity.acts", _people, order=40)
    fill_slot(app, "activity.people", _people, order=40)
    fill_slot(app, "shift.people", _confirm, order=70)
    fill_slot(app, "volunteering.mine", _mine, order=40)
    fill_slot(app, "volunteering.index", _way, order=40)
    fill_slot(app, "activities.managed", _managed, order=70)
    fill_slot(app, "organisation.panels", _of_organisation, order=62)


def _needed(activity: Activity, **_values: Any) -> PanelContent | None:
    lines = needed_lines(read_session(), reader(), activity.id)
    if not lines:
        return None
    return PanelContent("volunteering/_trainings_needed.html", {"needed": lines})


def _of_dates(activity: Activity, **_values: Any) -> PanelContent | None:
    found = _trainings(activity)
    if not found:
        return None
    return PanelContent("volunteering/_training_of_dates.html", {"trainings": found})


def _people(activity: Activity, **_values: Any) -> PanelContent | None:
    if not sees_people(current_actor(), activity):
        return None
    if not required_ids(read_session(), activity.id):
        return None
    return PanelContent("volunteering/_trainings_of_people.html", {"activity": activity})


def _confirm(shift: Shift, activity: Activity, **_values: Any) -> PanelContent | None:
    found = _trainings(activity)
    if not found or not may_manage(current_actor(), activity):
        return None
    begun = shift.starts_at <= house().clock.now() and shift.state == "open"
    if not begun:
        return None
    values = {"shift": shift, "training": found[0]}
    return PanelContent("volunteering/_training_confirm.html", values)


def _mine(**_values: Any) -> PanelContent | None:
    who = reader()
    if who.actor.person_id is None:
        return None
    lines = completion_lines(who, completions_of_person(read_session(), who.actor.person_id))
    return PanelContent("volunteering/_my_trainings.html", {"lines": lines, "ways": WAY_LABELS})


def _way(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/_trainings_link.html")


def _managed(**_values: Any) -> PanelContent | None:
    actor = current_actor()
    if actor.organisation_id is None or not may_run(actor, actor.organisation_id):
        return None
    return PanelContent("volunteering/_trainings_managed.html")


def _of_organisation(organisation: Organisation, **_values: Any) -> PanelContent | None:
    if not may_run(current_actor(), organisation.id):
        return None
    values = {"organisation": organisation}
    return PanelContent("volunteering/_trainings_of_organisation.html", values)


def _trainings(activity: Activity) -> list[Training]:
    """The trainings whose dates its shifts are; asked once in a request, however many shifts."""
    known: dict[int, list[Training]] = g.setdefault("trainings_of_activity", {})
    if activity.id not in known:
        known[activity.id] = trainings_of_activity(read_session(), activity.id)
    return known[activity.id]
