"""What brokering adds to the page of an intention, and to the desk."""

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from exchange.brokering.intended.queries import count_cases, tell_outcomes
from exchange.brokering.kinds import MatchState
from exchange.brokering.labels import STATES
from exchange.brokering.page.nav_panels import SideNavEntry, add_desk_entries
from exchange.brokering.permissions import may_take_up
from exchange.kernel.actor import Actor
from exchange.projects.intentions.kinds import IntentionState
from exchange.projects.intentions.models import Intention
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand on the page of an intention, and in the desk's navigation."""
    fill_slot(app, "intention.main", intention_panel)
    add_desk_entries(app, _entries)


def intention_panel(intention: Intention, **_values: Any) -> PanelContent | None:
    """What has become of an accepted intention for a need."""
    if intention.need is None:
        return None
    session, actor = read_session(), current_actor()
    outcome = tell_outcomes(session, actor, [intention.id]).get(intention.id)
    is_accepted = intention.state is IntentionState.ACCEPTED
    if outcome is None and not is_accepted:
        return None
    free = outcome is None or (outcome.match is None and not _prepared(outcome.waits))
    values = {
        "intention": intention,
        "outcome": outcome,
        "state": STATES[MatchState(outcome.state)] if outcome and outcome.state else "",
        "may_take_up": is_accepted and free and may_take_up(actor, intention.need),
    }
    return PanelContent("brokering/_intention.html", values)


def _prepared(waits: str) -> bool:
    return waits == "intention_being_prepared"


def _entries(here: str, actor: Actor) -> tuple[SideNavEntry, ...]:
    count = count_cases(read_session(), actor)
    if not count and here != "intentions":
        return ()
    url = url_for("intended.waiting")
    return (SideNavEntry(url, _("Accepted intentions"), here == "intentions", count),)
