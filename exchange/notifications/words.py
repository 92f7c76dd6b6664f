"""The words of notices. Every room adds its own; they are spoken in the recipient's language.

A notice has two sentences: one for the app, where the reader has signed in, and one for what goes
out, which says what kind of thing has happened and names nothing and nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from exchange.notifications.kinds import Kind
from exchange.web.left_names import left_name

SENTENCES: dict[str, Any] = {}


@dataclass(frozen=True)
class Outward:
    """What leaves the site: the kind that people choose about, and a sentence without names.

    At most twenty signs in Chinese, so that a short message has room for a link. ``is_urgent``
    passes quiet hours and joins no digest; security always does.
    """

    kind: Kind
    sentence: Any
    is_urgent: bool = False


OUTWARD: dict[str, Outward] = {}
GENERAL: Mapping[Kind, Any] = {
    Kind.ANSWERS: _l("There is an answer for you."),
    Kind.MATCHES: _l("One of your matches has moved on."),
    Kind.LISTINGS: _l("There is news of one of your posts."),
    Kind.ALERTS: _l("Something new fits your search."),
    Kind.VOLUNTEERING: _l("There is news of a volunteer activity."),
    Kind.STATION: _l("New work waits at your station."),
    Kind.SECURITY: _l("Something about your account has changed."),
}
BEGINNINGS = {
    "match": Kind.MATCHES,
    "listing": Kind.LISTINGS,
    "need": Kind.LISTINGS,
    "offer": Kind.LISTINGS,
    "undertaking": Kind.LISTINGS,
    "search": Kind.ALERTS,
    "shift": Kind.VOLUNTEERING,
    "activity": Kind.VOLUNTEERING,
    "plan": Kind.STATION,
    "weights": Kind.STATION,
    "case": Kind.STATION,
}


def add_notice_words(
    sentences: Mapping[str, Any], outward: Mapping[str, Outward] | None = None
) -> None:
    """Add a room's sentences by notice code (lazy strings with named placeholders), and what of
    each leaves the site.
    """
    SENTENCES.update(sentences)
    OUTWARD.update(outward or {})


def outward_of(code: str) -> Outward:
    """What of a notice leaves the site; a general sentence where its room has not said."""
    found = OUTWARD.get(code)
    if found is None:
        kind = BEGINNINGS.get(code.partition("_")[0], Kind.ANSWERS)
        return Outward(kind, GENERAL[kind])
    return found


def words_of(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice in the present language, for the app.

    A parameter may be a pair ``{"zh": …, "en": …}``; the one in the reader's language is used.
    None stands in place of the name of somebody whose account is closed.
    """
    text = str(SENTENCES[code])
    language = str(get_locale())[:2]
    plain = {key: _spoken(value, language) for key, value in params.items()}
    return text % plain if "%(" in text else text


def _spoken(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(language) or value.get("zh") or ""
    return left_name() if value is None else value
