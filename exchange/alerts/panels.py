"""What the search page and a person's own page show of saved searches."""

from typing import Any

from flask import Flask, request, url_for

from exchange.alerts.forms import SaveForm
from exchange.alerts.labels import RHYTHMS
from exchange.alerts.queries import followed
from exchange.alerts.questions import is_narrow, question_hash, write_question
from exchange.discovery.rules import Asked
from exchange.discovery.searching import Outcome
from exchange.listings.indexing import VOLUNTEER
from exchange.projects.indexing import SIDE as PROJECT
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand under the head of the results, where nothing was found, and on one's own page."""
    fill_slot(app, "search.actions", follow_panel)
    fill_slot(app, "search.empty", nothing_found_panel)
    fill_slot(app, "me.links", _link, order=15)


def follow_panel(asked: Asked, outcome: Outcome, **_values: Any) -> PanelContent | None:
    """The way to follow this question, or that one follows it; nothing for a question without.

    More prominent where only something wider was found, or nothing that has all the words.
    """
    missing = bool(asked.q) and not outcome.found.full
    wider = bool(outcome.given_up)
    return _panel(question_of(asked, outcome), nothing_found=wider, says_why=missing)


def nothing_found_panel(asked: Asked, outcome: Outcome, **_values: Any) -> PanelContent | None:
    """The same where nothing was found: we tell you when something comes."""
    return _panel(question_of(asked, outcome), nothing_found=True)


def question_of(asked: Asked, outcome: Outcome) -> Asked:
    """The question as it was taken, with the place out of its words and the spelling mended, but
    without what was given up to find anything.
    """
    if not outcome.given_up:
        return outcome.used
    place = outcome.place
    taken = asked
    if place is not None:
        taken = asked.but(q=place.rest_of_text or asked.q, division=place.code)
    return taken.but(q=outcome.mended) if outcome.mended else taken


def _panel(asked: Asked, *, nothing_found: bool, says_why: bool = False) -> PanelContent | None:
    if not is_narrow(asked) or asked.side in (PROJECT, VOLUNTEER):
        return None  # projects are followed on their own pages, whose time it is decides the other
    question, person_id = write_question(asked), current_actor().person_id
    values: dict[str, Any] = {"question": question}
    values |= {"nothing_found": nothing_found, "says_why": says_why}
    if person_id is None:
        here = request.full_path.rstrip("?")
        values["sign_in_url"] = url_for("accounts.sign_in", next=here)
        return PanelContent("alerts/_follow.html", values)
    found = followed(read_session(), person_id, question_hash(question))
    if found is not None:
        rhythm = "" if found.paused_at is not None else RHYTHMS[found.rhythm]
        url = url_for("alerts.show", public_id=found.public_id)
        values["present"] = {"url": url, "rhythm": rhythm}
    values["form"] = SaveForm(formdata=None)
    return PanelContent("alerts/_follow.html", values)


def _link(**_values: Any) -> PanelContent:
    return PanelContent("alerts/_link.html")
