"""What the pages of acts on several matches say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from exchange.brokering.board.bulk import BulkAct, Done, Outlook
from exchange.brokering.board.panels import pair_title, shown_params
from exchange.brokering.labels import state_label
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class Words:
    """How an act reads: its title, what it does, its button, and what was done."""

    title: Any
    about: Any
    button: Any
    done: Any


WORDS = {
    BulkAct.ASSIGN: Words(
        _l("Give matches to another worker"),
        _l("Each match gets another social worker, who is told of it. Nothing is said to the "
           "sides. You can give it back in the same way."),
        _l("Give them away"),
        _l("Given to another worker"),
    ),
    BulkAct.POSTPONE: Words(
        _l("Set matches aside until a day"),
        _l("Until that day they are not among what is to be done today. Whatever a side does "
           "brings a match back at once. Supervisors are still told of what rests for too long."),
        _l("Set them aside"),
        _l("Set aside"),
    ),
    BulkAct.RESUME: Words(
        _l("Take matches up again"),
        _l("They are among what is to be done today again."),
        _l("Take them up again"),
        _l("Taken up again"),
    ),
    BulkAct.REMIND: Words(
        _l("Remind whoever has not answered"),
        _l("Who has not answered gets the reminder now, as they have chosen to get messages, and "
           "not in their quiet hours. Nobody is reminded twice in a day."),
        _l("Remind them"),
        _l("Reminded"),
    ),
}  # fmt: skip
REMINDED = {
    (Side.NEED,): _l("The village side will be reminded."),
    (Side.OFFER,): _l("The helping side will be reminded."),
    tuple(Side): _l("Both sides will be reminded."),
}


@dataclass(frozen=True)
class OutlookLine:
    """A match on the page before: what will happen, or why nothing will."""

    public_id: str
    title: str
    url: str
    state: str
    text: str


@dataclass(frozen=True)
class DoneLine:
    """A match on the page after."""

    title: str
    url: str
    text: str = ""


@dataclass(frozen=True)
class Result:
    """What became of all: done now, so already, left out; ``keys`` name what was done."""

    done: Sequence[DoneLine]
    already: Sequence[DoneLine]
    left: Sequence[DoneLine]
    keys: Sequence[str]


def outlook_line(actor: Actor, one: Outlook) -> OutlookLine:
    """A line before."""
    if one.match is None:
        return OutlookLine(one.chosen.public_id, "—", "", "", sentence(one.refusal))
    text = sentence(one.refusal, shown_params(one.params)) if one.refusal else ""
    if one.sides:
        text = str(REMINDED[one.sides])
    return OutlookLine(
        public_id=one.match.public_id,
        title=pair_title(actor, one.match),
        url=url_for("brokering.show", public_id=one.match.public_id),
        state=state_label(one.match),
        text=text,
    )


def titles_of(actor: Actor, found: Sequence[Outlook]) -> dict[str, str]:
    """The titles as they were before anything was done."""
    return {
        one.match.public_id: pair_title(actor, one.match) for one in found if one.match is not None
    }


def result_of(done: Sequence[Done], titles: Mapping[str, str]) -> Result:
    """The lines after."""
    groups: dict[str, list[DoneLine]] = {"done": [], "already": [], "left": []}
    for one in done:
        key = one.chosen.public_id
        url = url_for("brokering.show", public_id=key) if key in titles else ""
        text = sentence(one.refusal, shown_params(one.params)) if one.refusal else ""
        name = "left" if one.refusal else "done" if one.is_new else "already"
        groups[name].append(DoneLine(titles.get(key, "—"), url, text))
    keys = [f"{one.chosen.public_id}.." for one in done if one.is_new]
    return Result(groups["done"], groups["already"], groups["left"], keys)
