"""The words of notices. Every room adds its own; they are spoken in the recipient's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

SENTENCES: dict[str, Any] = {}


@dataclass(frozen=True)
class Words:
    """A notice in words."""

    subject: str
    text: str


def add_notice_words(sentences: Mapping[str, Any]) -> None:
    """Add a room's sentences by notice code; lazy strings with named placeholders."""
    SENTENCES.update(sentences)


def words_of(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a notice in the present language.

    A parameter may be a pair ``{"zh": …, "en": …}``; the one in the reader's language is used.
    """
    text = str(SENTENCES[code])
    language = str(get_locale())[:2]
    plain = {
        key: (value.get(language) or value.get("zh") or "") if isinstance(value, Mapping) else value
        for key, value in params.items()
    }
    return text % plain if "%(" in text else text


def mail_words(code: str, params: Mapping[str, Any], address: str, locale: str) -> Words:
    """Subject and text of an e-mail in the recipient's language; ``address`` is where to go."""
    with force_locale(locale):
        sentence = words_of(code, params)
        text = _(
            "%(sentence)s\n\nLook here: %(address)s\n\n"
            "This message comes from the Village Resource Exchange. Please do not answer it.",
            sentence=sentence,
            address=address,
        )
        return Words(subject=" ".join(sentence.split())[:70], text=text)
