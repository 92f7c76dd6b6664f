"""The way to the sums of hours, on the pages of those who look after activities."""

from typing import Any

from flask import Flask, url_for

from exchange.accounts.models import Organisation
from exchange.volunteering.attendance.permissions import may_answer_for
from exchange.web.acting import current_actor
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "activities.managed", _link, order=70)
    fill_slot(app, "organisation.panels", _of_organisation, order=61)


def _link(**_values: Any) -> PanelContent:
    url = url_for("volunteering.hours_report")
    return PanelContent("volunteering/_hours_report_link.html", {"url": url})


def _of_organisation(organisation: Organisation, **_values: Any) -> PanelContent | None:
    actor = current_actor()
    served = actor.serves_division(organisation.division_code)
    if not (may_answer_for(actor, organisation.id) or served):
        return None
    url = url_for("volunteering.hours_report", organisation=organisation.public_id)
    return PanelContent("volunteering/_hours_report_link.html", {"url": url})
