"""The words of bulletins."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.discovery.bulletins.kinds import Missed, Rhythm, State
from exchange.taxonomy.units import format_quantity

NEEDS, OFFERS, DELIVERED = _l("What is needed"), _l("What is on offer"), _l("What was delivered")
NOTHING_NEW = _l("Nothing new came in during these days. What is still open stands here.")
NO_NEEDS = _l("No open needs.")
NO_OFFERS = _l("No open offers.")
NEWS, WISHES = _l("News of projects"), _l("Partners wanted")
NO_NEWS = _l("No project told anything in these days.")
NO_WISHES = _l("No project looks for a partner.")
NO_DELIVERED = _l("Nothing was confirmed as delivered in these days.")

RHYTHMS: dict[Rhythm, Any] = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.MONTHLY: _l("Every month"),
}
WEEKDAYS: dict[int, Any] = {
    0: _l("Monday"),
    1: _l("Tuesday"),
    2: _l("Wednesday"),
    3: _l("Thursday"),
    4: _l("Friday"),
    5: _l("Saturday"),
    6: _l("Sunday"),
}
STATES: dict[State, Any] = {
    State.COMPOSED: _l("To be edited"),
    State.SUBMITTED: _l("Waits for approval"),
    State.SENT_BACK: _l("Sent back"),
    State.PUBLISHED: _l("Published"),
    State.DROPPED: _l("Will not come out"),
}
TONES: dict[State, str] = {
    State.COMPOSED: "warn",
    State.SUBMITTED: "warn",
    State.SENT_BACK: "warn",
    State.PUBLISHED: "offer",
}
MISSED: dict[Missed, Any] = {
    Missed.NOT_COMPOSED: _l("Was due on %(day)s and is not composed"),
    Missed.NOT_APPROVED: _l("Was due on %(day)s and is not approved"),
}
SENTENCES: dict[str, Any] = {
    "bulletin_place_twice": _l("This place has a bulletin already."),
    "bulletin_place_one": _l("Please choose a service point, or a county or township."),
    "bulletin_place_level": _l("A bulletin is for a county or a township, not for this place."),
    "bulletin_place_not_yours": _l("You look after other places. Ask the centre of this one."),
    "bulletin_when": _l("Please check weekday, day and hour."),
    "bulletin_editor": _l("This person does not serve the whole place."),
    "bulletin_place_changed": _l("Somebody changed these settings a moment ago. Look once more."),
    "bulletin_place_rests": _l("This bulletin rests. Switch it on first."),
    "bulletin_not_yours": _l("Only a supervisor of the place does this."),
    "bulletin_changed": _l(
        "Somebody else has changed this bulletin meanwhile. What you typed is still here: compare "
        "it with the bulletin and save once more."
    ),
    "bulletin_is_published": _l("This bulletin has come out already."),
    "bulletin_is_dropped": _l("This bulletin will not come out any more."),
    "bulletin_is_sent_back": _l("This bulletin is with its editor already."),
    "bulletin_headline_long": _l("A headline has at most 60 characters."),
    "bulletin_introduction_long": _l("An introduction has at most 800 characters."),
    "bulletin_note": _l("Please say in a few words what is to be changed."),
    "bulletin_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: everybody reads this."
    ),
    "bulletin_payment_in_text": _l("No account numbers or payment codes here, please."),
    "bulletin_person": _l(
        "Please do not write about one person's or one child's illness or poverty: everybody reads "
        "this."
    ),
    "bulletin_none_chosen": _l("Please tick what shall be put in."),
    "bulletin_not_of_these_days": _l(
        "One of these does not belong in any more: it is no longer open, or no longer public."
    ),
    "bulletin_list_full": _l(
        "At most %(most)s stand in one list. Please leave another one out of it first."
    ),
    "bulletin_list_long": _l(
        "%(most)s have been in this list by now, and no more fit. Please take one of those that "
        "are left out."
    ),
    "bulletin_item_unknown": _l("One of the items is not in this bulletin."),
}


def new_and_open(figures: Mapping[str, Any], _locale: str) -> tuple[str, ...]:
    """How many came in, and how many are still there."""
    new, still = figures.get("new", 0), figures.get("open", 0)
    found = []
    if new:
        found.append(ngettext("%(num)s new", "%(num)s new", new))
    if still:
        found.append(ngettext("%(num)s still open", "%(num)s still open", still))
    return tuple(found)


def delivered_figures(figures: Mapping[str, Any], locale: str) -> tuple[str, ...]:
    """How many, to how many people, and the sum of each unit."""
    count, people = figures.get("new", 0), figures.get("people", 0)
    if not count:
        return ()
    amounts = [
        format_quantity(milli, unit, locale)
        for unit, milli in sorted(figures.get("amounts", {}).items())
    ]
    done = ngettext("%(num)s delivery confirmed", "%(num)s deliveries confirmed", count)
    return (done, *(one for one in (reached(people), *amounts) if one))


def news_figures(figures: Mapping[str, Any], _locale: str) -> tuple[str, ...]:
    """How many pieces of news, of how many projects."""
    news, projects = figures.get("new", 0), figures.get("projects", 0)
    if not news:
        return ()
    told = ngettext("%(num)s piece of news", "%(num)s pieces of news", news)
    return told, ngettext("of %(num)s project", "of %(num)s projects", projects)


def wish_figures(figures: Mapping[str, Any], _locale: str) -> tuple[str, ...]:
    """How many wishes are open."""
    still = figures.get("open", 0)
    return (ngettext("%(num)s still open", "%(num)s still open", still),) if still else ()


def listed_here(count: int) -> str:
    """How many of those that were counted stand in a list."""
    return str(ngettext("%(num)s listed here", "%(num)s listed here", count))


def reached(people: int) -> str:
    """How many people it reached; nothing for none."""
    return ngettext("%(num)s person reached", "%(num)s people reached", people) if people else ""


def counted_words(moment: str) -> str:
    """As of when the numbers hold."""
    return str(_("Counted on %(moment)s", moment=moment))


def usual_headline(place: str) -> str:
    """What an issue is called while its editor has given it no headline."""
    return str(_("%(place)s: bulletin", place=place))
