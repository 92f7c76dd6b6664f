"""Trainings of volunteers on the pages of the search."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.rules import Asked
from exchange.discovery.training_panels import cards_of, trainings_address
from exchange.discovery.trainings import find_trainings
from exchange.discovery.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session


@bp.get("/search/trainings")
@access(PUBLIC)
def trainings() -> ResponseReturnValue:
    """What of the trainings answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q)
    cursor = request.args.get("cursor") or None
    found = find_trainings(read_session(), house(), current_actor(), asked, panels.today(), cursor)
    return render_template(
        "discovery/trainings.html",
        asked=asked,
        chips=forms.side_chips(asked, {}, active=forms.TRAININGS),
        cards=cards_of(found),
        ignored=forms.names_of(ignored),
        near=panels.reader_place().county,
        next_url=trainings_address(asked.q, found.next_cursor) if found.next_cursor else None,
    )
