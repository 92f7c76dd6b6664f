"""Trainings of volunteers beside the results of a search."""

from dataclasses import replace
from typing import Any

from flask import url_for

from exchange.discovery import panels
from exchange.discovery.rules import Asked
from exchange.discovery.things import FoundPage
from exchange.discovery.trainings import find_trainings
from exchange.volunteering.readers import reader
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.showing import TrainingCard, training_cards
from exchange.web.acting import current_actor, house, read_session

SHOWN_BESIDE = 2


def trainings_beside(asked: Asked) -> dict[str, Any]:
    """A few trainings with all of the words for the page of all results, and the way to more."""
    if asked.side or not asked.q:
        return {"trainings": (), "trainings_url": ""}
    found = find_trainings(
        read_session(), house(), current_actor(), asked, panels.today(), None, SHOWN_BESIDE
    )
    return {
        "trainings": cards_of(found.with_all_words),
        "trainings_url": trainings_address(asked.q),
    }


def cards_of(found: FoundPage[Training]) -> list[TrainingCard]:
    """What was found as cards, with the words that were asked for marked."""
    plain = training_cards(read_session(), reader(), [one.thing for one in found.found])
    return [
        replace(card, title=panels.marked(one.title)) if one.title else card
        for card, one in zip(plain, found.found, strict=True)
    ]


def trainings_address(words: str, cursor: str | None = None) -> str:
    """Where these trainings stand, or their next page."""
    return url_for("discovery.trainings", q=words or None, cursor=cursor)
