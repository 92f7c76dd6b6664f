"""The words of the paper sheet: always Chinese, with the reader's language beside it."""

from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from exchange.projects.evaluation.kinds import CHOICES
from exchange.projects.evaluation.labels import CHOICE_WORDS, QUESTIONS, WORDS_QUESTION
from exchange.web.locale import locale_code

WORDS: dict[str, Any] = {
    "title": _l("What do you think of it?"),
    "number": _l("Number of the sheet"),
    "free": _l("Your name is not asked, please do not write it. Answer what you like."),
    "age": _l("For people of 14 and older. I am 14 or older."),
    "tick": _l("Tick one answer to each question"),
    "back": _l("Please give this sheet to the social worker."),
    "scan": _l("For the social worker: scan to enter"),
    "words": WORDS_QUESTION,
}
Said = tuple[str, str]


def survey_words() -> dict[str, Any]:
    """Each word in Chinese, and in the reader's language where that is another."""
    wanted = not locale_code().startswith("zh")

    def both(text: Any) -> Said:
        own = str(text) if wanted else ""
        with force_locale("zh"):
            return str(text), own

    words: dict[str, Any] = {name: both(text) for name, text in WORDS.items()}
    words["questions"] = [
        (both(text), [both(CHOICE_WORDS[choice]) for choice in CHOICES[question]])
        for question, text in QUESTIONS.items()
    ]
    return words
