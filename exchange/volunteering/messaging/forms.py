"""The forms of a message to a shift, its answer, and of a place that is to be released."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from exchange.kernel.database import new_public_id
from exchange.volunteering.messaging.kinds import Addressed
from exchange.volunteering.messaging.labels import ADDRESSED_LABELS
from exchange.volunteering.messaging.rules import LONGEST_MESSAGE
from exchange.volunteering.messaging.sending_service import Letter
from exchange.volunteering.rules import LONGEST_NOTE
from exchange.web.forms import HouseForm, options

NEEDED = InputRequired(_l("Please fill this in."))
TOO_LONG = _l("This is too long.")


class MessageForm(HouseForm):
    """What to whom. ``token`` is made with the page: sent twice it is one message."""

    to = RadioField(
        _l("To whom?"), choices=options(ADDRESSED_LABELS), default=Addressed.PLACED.value
    )
    people = SelectMultipleField(_l("Which people?"), choices=[])
    text = TextAreaField(
        _l("Message"),
        [NEEDED, Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_MESSAGE, "rows": 4},
    )
    wants_answer = BooleanField(_l("Ask whether they come"), default=True)
    token = HiddenField()

    def offer(self, names: Mapping[str, str]) -> None:
        """The people of the shift by the public id of their answer."""
        self.people.choices = [SelectChoice(key, name) for key, name in names.items()]
        if not self.is_submitted():
            self.token.data = new_public_id()

    @property
    def letter(self) -> Letter:
        """What was written, in a form that was found valid."""
        return Letter(
            text=self.text.data or "",
            to=Addressed(self.to.data),
            token=str(self.token.data or ""),
            chosen=tuple(self.people.data or ()),
            wants_answer=bool(self.wants_answer.data),
        )


class ReleaseForm(HouseForm):
    """After how many hours a place goes to others, and why."""

    hours = RadioField(_l("Without an answer, after"), [NEEDED], choices=[])
    reason = StringField(
        _l("Why?"),
        [NEEDED, Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE},
    )

    def offer(self, hours: Sequence[int]) -> None:
        """The times that end before the shift begins."""
        self.hours.choices = [
            SelectChoice(str(one), ngettext("%(num)s hour", "%(num)s hours", one)) for one in hours
        ]
        if not self.is_submitted() and hours:
            self.hours.data = str(hours[-1])
