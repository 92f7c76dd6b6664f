"""Volunteer activities beside the results of a search."""

from dataclasses import replace
from typing import Any

from flask import url_for

from exchange.discovery import panels
from exchange.discovery.activities import find_activities
from exchange.discovery.rules import Asked
from exchange.discovery.things import FoundPage
from exchange.volunteering.models import Activity
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import ActivityCard, activity_cards
from exchange.web.acting import current_actor, house, read_session

SHOWN_BESIDE = 2


def activities_beside(asked: Asked) -> dict[str, Any]:
    """A few activities with all of the words for the page of all results, and the way to more."""
    if asked.side or not asked.q:
        return {"activities": (), "activities_url": ""}
    found = find_activities(
        read_session(), house(), current_actor(), asked, panels.today(), None, SHOWN_BESIDE
    )
    return {
        "activities": cards_of(found.with_all_words),
        "activities_url": activities_address(asked),
    }


def cards_of(found: FoundPage[Activity]) -> list[ActivityCard]:
    """What was found as cards, with the words that were asked for marked."""
    plain = activity_cards(read_session(), reader(), [one.thing for one in found.found])
    return [
        replace(
            card,
            title=panels.marked(one.title) if one.title else card.title,
            highlights=panels.marked(one.snippet)
            if any(piece.is_match for piece in one.snippet)
            else None,
        )
        for card, one in zip(plain, found.found, strict=True)
    ]


def activities_address(asked: Asked, cursor: str | None = None) -> str:
    """Where these activities stand, or their next page."""
    values = {"q": asked.q, "division": asked.division, "cursor": cursor or ""}
    chosen: dict[str, Any] = {name: value for name, value in values.items() if value}
    if asked.literal:
        chosen["literal"] = list(asked.literal)
    return url_for("discovery.activities", **chosen)
