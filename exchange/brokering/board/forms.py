"""The forms of acts on several matches, and of saved views."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from exchange.brokering.board.labels import POSTPONE_REASONS
from exchange.brokering.board.postponing import LONGEST_NOTE
from exchange.brokering.centre.caseload_service import Receiver
from exchange.brokering.kinds import PostponeReason
from exchange.web.forms import HouseForm, options
from exchange.web.sentences import sentence

NAME_IT = _l("Please give it a name of at most 30 characters.")


class ManyForm(HouseForm):
    """Nothing but the matches, which stand beside the form."""


class PostponeForm(HouseForm):
    """Until when, and why."""

    day = DateField(_l("Look at them again on"), [InputRequired(_l("Please choose the day."))])
    reason = SelectField(
        _l("Why"),
        [InputRequired(_l("Please say why."))],
        choices=options(POSTPONE_REASONS, first=_l("Please choose")),
    )
    note = TextAreaField(
        _l("Note, for social workers only"),
        [Length(max=LONGEST_NOTE, message=_l("Please keep this under %(max)d characters."))],
    )

    @property
    def chosen_reason(self) -> PostponeReason:
        """The reason; OTHER while none is chosen."""
        return PostponeReason(self.reason.data) if self.reason.data else PostponeReason.OTHER


class GiveForm(HouseForm):
    """Who gets them: ``worker:ID`` or ``point:ID``."""

    receiver = StringField(_l("Give them to"))
    workers: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[str, str], ...] = ()

    def offer(
        self, workers: Sequence[tuple[str, str]], points: Sequence[tuple[str, str]]
    ) -> None:
        """Who may get them: public ids and names."""
        self.workers = tuple((f"worker:{key}", name) for key, name in workers)
        self.points = tuple((f"point:{key}", name) for key, name in points)

    def validate_receiver(self, field: StringField) -> None:
        """One of those offered."""
        if field.data not in {value for value, _name in self.workers + self.points}:
            raise ValidationError(sentence("receiver_missing"))

    @property
    def receiver_chosen(self) -> Receiver:
        """Who gets them."""
        kind, _colon, public_id = (self.receiver.data or "").partition(":")
        return Receiver(worker=public_id) if kind == "worker" else Receiver(point=public_id)


class ViewForm(HouseForm):
    """A name for the present filters."""

    name = StringField(_l("Name of the view"), [InputRequired(NAME_IT)])
    opens_first = BooleanField(_l("Open it first"))
    question = HiddenField()


class ViewChangeForm(HouseForm):
    """What may be changed of a saved view."""

    name = StringField(_l("Name of the view"), [InputRequired(NAME_IT)])
    opens_first = BooleanField(_l("Open it first"))
    is_shared = BooleanField(_l("Share it with all social workers of my centre"))
