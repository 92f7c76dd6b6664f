"""The words of the paper form: always Chinese, with the reader's language beside it."""

from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from exchange.web.locale import locale_code

WORDS: dict[str, Any] = {
    "title": _l("Form for somebody without a phone"),
    "number": _l("Number of the form"),
    "office": _l("Office that enters it"),
    "door_help": _l("I need help"),
    "door_sell": _l("I have something to sell"),
    "name": _l("Name of the person"),
    "reach": _l("How can they be reached? A neighbour's phone, which house, when at home"),
    "words": _l("What is it about? In their own words: what, how much, by when"),
    "place": _l("Village and group"),
    "consent": _l("Consent"),
    "publish": _l("It may be posted on the exchange, without my name."),
    "introduce": _l(
        "My name and how to reach me may be given to the other side once both have agreed."
    ),
    "read_back": _l("What is written here was read to me, and it is what I said."),
    "withdraw": _l(
        "I can take this back at any time by telling the office. It leaves the pages at once, and "
        "my name is deleted 14 days later; without that, 180 days after it has ended."
    ),
    "signature": _l("Signature or fingerprint"),
    "day": _l("Year, month, day"),
    "heard": _l("Written down and read out by"),
    "scan": _l("To enter it: scan, then take a photo of this sheet"),
    "free": _l("It costs nothing. Nobody may ask you for money for it."),
}


def paper_words() -> dict[str, tuple[str, str]]:
    """Each word in Chinese, and in the reader's language where that is another."""
    other = "" if locale_code().startswith("zh") else "shown"
    own = {name: str(text) if other else "" for name, text in WORDS.items()}
    with force_locale("zh"):
        return {name: (str(text), own[name]) for name, text in WORDS.items()}
