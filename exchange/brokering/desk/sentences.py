"""The words of the day: names of groups, what a line says, what its act is called."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.brokering.desk.rules import Group, Place, Wait
from exchange.brokering.kinds import Answer
from exchange.brokering.labels import pair_words
from exchange.brokering.models import Match
from exchange.brokering.rules import Party
from exchange.brokering.talk.discretion import side_label
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.web.dates import day_here, local_day
from exchange.web.locale import locale_code

TITLES: dict[Group, Any] = {
    Group.QUESTIONS: _l("Questions to decide"),
    Group.CALLS: _l("Calls to make"),
    Group.PROMISES: _l("Due soon"),
    Group.ANSWERS: _l("Answers arrived"),
    Group.TO_ASK: _l("Taken up, not yet asked"),
    Group.FOLLOW_UPS: _l("Follow-ups due"),
    Group.TO_FINISH: _l("To bring to an end"),
    Group.STALLED: _l("Nothing has moved for long"),
    Group.NEEDS: _l("Needs in my hands"),
    Group.PLANNED: _l("From the plan of your centre"),
    Group.PAIRS: _l("Worth an introduction"),
    Group.EXPIRING: _l("Ending soon at your station"),
    Group.WAITING: _l("In nobody's hands yet"),
    Group.UNDERTAKINGS: _l("Undertakings that lack somebody"),
}
# For the bar that leads to the groups.
SHORT: dict[Group, Any] = {
    Group.QUESTIONS: _l("Questions"),
    Group.CALLS: _l("Calls"),
    Group.PROMISES: _l("Due"),
    Group.ANSWERS: _l("Answers"),
    Group.TO_ASK: _l("To ask"),
    Group.FOLLOW_UPS: _l("Follow-ups"),
    Group.TO_FINISH: _l("To finish"),
    Group.STALLED: _l("Not moving"),
    Group.NEEDS: _l("My needs"),
    Group.PLANNED: _l("Plan"),
    Group.PAIRS: _l("Suggestions"),
    Group.EXPIRING: _l("Ending"),
    Group.WAITING: _l("Nobody yet"),
    Group.UNDERTAKINGS: _l("Undertakings"),
}
# What moves a case on: the words of the button, and which part of the page of the match it opens.
ACTS: dict[Wait, tuple[Any, str]] = {
    Wait.DISPUTED: (_l("Decide on it"), "agreed"),
    Wait.CHANGE: (_l("Look at the change"), "agreed"),
    Wait.SILENT: (_l("Call, note the answer"), "answer"),
    Wait.NO_ACCOUNT: (_l("Call, note the answer"), "answer"),
    Wait.DUE: (_l("See what is missing"), "agreed"),
    Wait.ONE_YES: (_l("Look"), ""),
    Wait.BOTH_YES: (_l("Agree the amount"), "agreed"),
    Wait.DECLINED: (_l("Take the next best"), "next-best"),
    Wait.LAPSED: (_l("Take the next best"), "next-best"),
    Wait.CLAIMED: (_l("Ask both sides"), ""),
    Wait.FOLLOW_UP: (_l("Ask how it is now"), "follow-up"),
    Wait.OUTCOME: (_l("Write down what came"), "outcome"),
    Wait.JUDGEMENT: (_l("Close the file"), ""),
    Wait.QUIET: (_l("Look"), ""),
}
SAID: dict[Wait, Any] = {
    Wait.DISPUTED: _l("a delivery is contradicted"),
    Wait.CHANGE: _l("a change of what was agreed is asked for"),
    Wait.BOTH_YES: _l("both said yes"),
    Wait.DECLINED: _l("a no came"),
    Wait.LAPSED: _l("no answer came in time"),
    Wait.CLAIMED: _l("taken up"),
    Wait.OUTCOME: _l("everything has come"),
    Wait.JUDGEMENT: _l("both have confirmed"),
}


def line_text(actor: Actor, one: Place, match: Match, today: date) -> str:
    """What a line is about: what happened and when, and between whom."""
    need, offer = (side_label(actor, match, side, locale_code()) for side in Side)
    if one.wait in (Wait.SILENT, Wait.NO_ACCOUNT):
        return _silence(one, match, need, offer)
    if one.wait in (Wait.DUE, Wait.FOLLOW_UP) and one.due_on is not None:
        day = day_here(one.due_on)
        late = one.due_on < today
        words = _("was due on %(date)s", date=day) if late else _("due on %(date)s", date=day)
        between = need if one.wait is Wait.FOLLOW_UP else pair_words(need, offer)
        return f"{words} · {between}"
    if one.wait is Wait.ONE_YES:
        return _one_yes(match, need, offer)
    said = SAID.get(one.wait)
    begin = f"{local_day(one.happened or one.since)} {said} · " if said else ""
    return f"{begin}{pair_words(need, offer)}"


def _silence(one: Place, match: Match, need: str, offer: str) -> str:
    """Who has not answered since when, and until when they can."""
    names = [need if side is Party.NEED else offer for side in one.sides]
    parts = [
        *names,
        str(_("asked on %(date)s", date=local_day(match.proposed_at or one.since))),
    ]
    if one.due_on is not None:
        parts.append(str(_("lapses on %(date)s", date=day_here(one.due_on))))
    return " · ".join(parts)


def _one_yes(match: Match, need: str, offer: str) -> str:
    """Who said yes, and for whom one waits."""
    said_yes = match.side(Side.NEED).answer is Answer.ACCEPTED
    first, second = (need, offer) if said_yes else (offer, need)
    return str(_("%(who)s said yes; %(other)s has not answered yet", who=first, other=second))


def line_tags(one: Place, today: date) -> tuple[tuple[str, str], ...]:
    """What is to be seen at once."""
    tags = []
    if one.days:
        tags.append(
            (
                ngettext("at rest for %(num)s day", "at rest for %(num)s days", one.days),
                "warn",
            )
        )
    if one.wait is Wait.NO_ACCOUNT:
        tags.append((str(_("no account: only by phone")), "warn"))
    if one.wait is Wait.DUE and one.due_on is not None and one.due_on < today:
        tags.append((str(_("overdue")), "need"))
    return tuple(tags)


def days_text(day: date, today: date) -> str:
    """How far off a day is, short enough for a ring."""
    days = (day - today).days
    if days == 0:
        return str(_("today"))
    if days < 0:
        return str(_("late"))
    return str(_("%(num)s d", num=days))


DESK_REFUSALS = {"pair_aside_already": _l("You have set this pair aside already.")}
