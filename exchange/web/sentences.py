"""Sentences for codes: rules and errors speak in codes, doors in the reader's language.

Every room adds its own with ``add_sentences`` while it registers. The sentence is a lazy string
with named placeholders.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.web.dates import day_here
from exchange.web.locale import locale_code

SENTENCES: dict[str, Any] = {
    "error": _l("That did not work."),
    "not_found": _l("We cannot find this page. It may have been withdrawn."),
    "forbidden": _l("You may not do this here."),
    "not_your_role": _l("This page is for another role. If it should be yours, ask your station."),
    "undeclared_view": _l("This page is closed."),
    "sign_in_needed": _l("Please sign in first."),
    "conflict": _l("Somebody changed this a moment ago. Please look again."),
    "invalid": _l("Something in the form needs another look."),
    "too_many": _l("Too many tries. Please wait a little and try again."),
    "page_too_old": _l("This page was open too long. Please go back, reload it and send it again."),
    "http_400": _l("We could not understand this request."),
    "http_403": _l("You may not open this page."),
    "http_404": _l("We cannot find this page. It may have been withdrawn."),
    "http_405": _l("This page cannot be used that way."),
    "http_413": _l("That is too large. Please send smaller or fewer pictures."),
    "http_429": _l("Too many tries. Please wait a little and try again."),
    "http_500": _l("Something broke on our side. Nothing you saved is lost. Please try again."),
    "http_503": _l("We are back in a moment."),
    "required": _l("Please fill this in."),
}


def add_sentences(sentences: Mapping[str, Any]) -> None:
    """Add a room's sentences by code."""
    SENTENCES.update(sentences)


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a code in the reader's language; an unknown code gets the general one."""
    text = str(SENTENCES.get(code, SENTENCES["error"]))
    return text % spoken(params) if params and "%(" in text else text


def spoken(params: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence as its reader reads them: days as people write them, and of what
    is there in both languages theirs.
    """
    return {name: _spoken(value) for name, value in params.items()}


def _spoken(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(locale_code()) or value.get("zh", "")
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_here(value)
    return value
