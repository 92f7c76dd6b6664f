"""What other pages show of consents and checks."""

from typing import Any

from flask import Flask

from exchange.accounts.models import Organisation
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.safeguarding.queries import looks_after
from exchange.volunteering.safeguarding.showing import lacks_of, today
from exchange.web.acting import current_actor, house, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """On one's own pages, on the organisation's for those who keep its records, on the list."""
    fill_slot(app, "volunteering.mine.ways", _mine, order=70)
    fill_slot(app, "organisation.panels", _records, order=62)
    fill_slot(app, "attendance.list", _lacks, order=50)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/safeguarding/_link_mine.html")


def _records(organisation: Organisation, **_values: Any) -> PanelContent | None:
    actor = current_actor()
    if not actor.is_signed_in or not looks_after(read_session(), actor, organisation):
        return None
    if organisation.kind == "individual_volunteer":
        return None
    return PanelContent(
        "volunteering/safeguarding/_link_records.html", {"organisation": organisation}
    )


def _lacks(shift: Shift, activity: Activity, **_values: Any) -> PanelContent | None:
    if not activity.with_children:
        return None
    zone = house().settings.time_zone
    lacks = lacks_of(read_session(), house().secrets, [shift], today(), zone).get(shift.id)
    if lacks is None:
        return None
    return PanelContent("volunteering/safeguarding/_lacks.html", {"lacks": lacks})
