"""The forms of those who look after the words of the search."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from exchange.search.synonyms.groups import WordGroup
from exchange.search.synonyms.rules import LONGEST_WORD, MOST_TYPED, split_words
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code

BOTH, FIRST = "both", "first"
NEEDED = DataRequired(_l("Please fill this in."))
SHORT = Length(max=MOST_TYPED, message=_l("Please keep this under %(max)d characters."))


class SynonymForm(HouseForm):
    """The words of a group, and which way round they count. ``version`` is the one shown."""

    words = TextAreaField(
        _l("Words"), [NEEDED, SHORT], render_kw={"rows": 3, "autocapitalize": "off"}
    )
    direction = RadioField(
        _l("Which way round?"),
        choices=[
            SelectChoice(BOTH, _l("All mean the same")),
            SelectChoice(FIRST, _l("Only from the first word to the others")),
        ],
        default=BOTH,
    )
    version = HiddenField()

    def show(self, group: WordGroup, version: int) -> None:
        """Fill the form with a group."""
        self.words.data = joined(group.words)
        self.direction.data = FIRST if group.one_way else BOTH
        self.version.data = str(version)

    @property
    def group(self) -> WordGroup:
        """What was typed."""
        return WordGroup(split_words(self.words.data or ""), self.direction.data == FIRST)

    @property
    def version_number(self) -> int:
        """The version that was shown; -1 for what cannot be one."""
        return read_version(self.version.data or "")


class SameAsForm(HouseForm):
    """What the words of one search mean. ``term`` are these words."""

    term = HiddenField()
    words = StringField(_l("Means the same as"), [NEEDED, SHORT])
    one_way = BooleanField()

    @property
    def group(self) -> WordGroup:
        """The words of the search, then what was typed."""
        term = " ".join((self.term.data or "").split())
        return WordGroup((term, *split_words(self.words.data or "")), bool(self.one_way.data))

    def at_place(self, number: int) -> "SameAsForm":
        """The same form with ids of its own, so that several stand on one page."""
        for name in ("words", "one_way"):
            field: Any = self._fields[name]
            field.id = f"{name}-{number}"
            field.label.field_id = field.id
        return self


def can_be_synonym(words: str) -> bool:
    """Whether the words of a search are short enough for a group."""
    return len(words) <= LONGEST_WORD


def joined(words: tuple[str, ...]) -> str:
    """Words in a row, as the reader's language parts them."""
    return ("、" if locale_code() == "zh" else ", ").join(words)


def read_version(text: str) -> int:
    """A version that was sent along; -1 for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def languages() -> dict[str, str]:
    """The names of the languages in which people read the pages where they search."""
    return {"zh": _("on Chinese pages"), "en": _("on English pages")}
