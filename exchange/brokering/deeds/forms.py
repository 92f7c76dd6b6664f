"""The forms of deliveries, changes, consent, messages, pictures, feedback and follow-up."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from exchange.brokering.deeds.attaching import MOST_AT_ONCE
from exchange.brokering.deeds.kinds import Again, AgainReason, FollowUpKind, Thread
from exchange.brokering.deeds.labels import AGAIN, AGAIN_REASONS, HELPED
from exchange.brokering.forms import (
    REQUIRED,
    AmountField,
    ConsentForm,
    ReadForm,
    readable_amount,
)
from exchange.brokering.life.changing import Terms
from exchange.brokering.proxy.speaking import Consent
from exchange.brokering.talk.messaging import LONGEST
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.files.uploading import taken_file, taken_picture
from exchange.kernel.errors import Invalid
from exchange.web.forms import HouseForm, options
from exchange.web.sentences import sentence

CHOOSE = _l("Please choose one.")


class ProxyForm(ConsentForm):
    """For which side, and how the person agreed when somebody speaks for them."""

    side = HiddenField(validators=[InputRequired()])

    @property
    def given(self) -> Consent:
        """The consent as it was entered."""
        return Consent(self.chosen_consent, self.consent_note.data or "")


class UploadForm(HouseForm):
    """A form with files: they are read before the act opens.

    ``lost_pictures``: some came with what was sent; a form that is refused does not keep them.
    """

    photos = MultipleFileField(_l("Photos"))

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.lost_pictures = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; files only where all the rest is right."""
        sent = [one for one in request.files.getlist("photos") if one.filename]
        self.lost_pictures = bool(sent)
        if not super().validate(extra_validators):
            return False
        for upload in sent[: MOST_AT_ONCE + 1]:
            try:
                self.take(upload)
            except Invalid as error:
                words = sentence(error.code, error.params)
                self.photos.errors = [*self.photos.errors, words]
        return not self.photos.errors

    def take(self, upload: FileStorage) -> None:
        """Read one file and keep it with the form."""
        raise NotImplementedError


class PicturesForm(UploadForm):
    """A form with pictures, encoded anew."""

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.pictures: list[Picture] = []

    def take(self, upload: FileStorage) -> None:
        """Encode a picture anew."""
        self.pictures.append(taken_picture(upload.read()))


class DeliveryForm(PicturesForm, ReadForm):
    """What arrived."""

    commitment = HiddenField(validators=[InputRequired()])
    amount = AmountField(
        _l("How much arrived?"), validators=[InputRequired(REQUIRED), readable_amount]
    )
    arrived_on = DateField(_l("Which day did it arrive?"), validators=[Optional()])
    note = StringField(_l("Anything to add"), validators=[Length(max=500)])


class ConfirmDeliveryForm(ProxyForm):
    """It was so."""

    delivery = HiddenField(validators=[InputRequired()])


class DisputeForm(ProxyForm):
    """It was not so."""

    delivery = HiddenField(validators=[InputRequired()])
    note = StringField(
        _l("What is not right?"), validators=[InputRequired(REQUIRED), Length(max=500)]
    )


class SettleForm(HouseForm):
    """How much of a disputed delivery counts."""

    delivery = HiddenField(validators=[InputRequired()])
    amount = AmountField(
        _l("How much counts?"), description=_l("Leave it empty when nothing arrived."),
        validators=[Optional(), readable_amount],
    )  # fmt: skip
    note = StringField(
        _l("What you found out"), validators=[InputRequired(REQUIRED), Length(max=500)]
    )


class ChangeForm(HouseForm):
    """Another amount, another day, or letting go of the rest."""

    commitment = HiddenField(validators=[InputRequired()])
    taken = AmountField(_l("Taken from the offer"), validators=[Optional(), readable_amount])
    covers = AmountField(_l("Covers of the need"), validators=[Optional(), readable_amount])
    due_on = DateField(_l("To be delivered by"), validators=[Optional()])
    drops_rest = BooleanField(_l("What has not arrived yet is not needed or not to be had"))
    note = StringField(_l("Why?"), validators=[Length(max=500)])

    @property
    def terms(self) -> Terms:
        """What is asked for."""
        return Terms(
            self.taken.milli, self.covers.milli, self.due_on.data, bool(self.drops_rest.data)
        )


class AnswerChangeForm(ProxyForm):
    """Yes or no to a change."""

    change = HiddenField(validators=[InputRequired()])
    accept = RadioField(
        _l("Their answer"),
        choices=options({"yes": _l("Agree to the change"), "no": _l("Leave it as agreed")}),
        validators=[InputRequired(REQUIRED)],
    )


class TakeBackForm(HouseForm):
    """Take a wish to change back."""

    change = HiddenField(validators=[InputRequired()])


class ContactConsentForm(ProxyForm):
    """Whether the other side may see the contact; ``sure``: what that means was read before."""

    give = HiddenField(validators=[InputRequired(), AnyOf(("yes", "no"))])
    sure = HiddenField()


class MessageForm(HouseForm):
    """Words for a thread."""

    thread = HiddenField(validators=[InputRequired()])
    text = TextAreaField(
        _l("Your message"), validators=[InputRequired(REQUIRED), Length(max=LONGEST)]
    )

    @property
    def chosen(self) -> Thread | None:
        """The thread; None for what is none."""
        return Thread(self.thread.data) if self.thread.data in tuple(Thread) else None


class DeliveryPicturesForm(PicturesForm):
    """Photos that follow a delivery."""

    delivery = HiddenField(validators=[InputRequired()])

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.photos.flags.unmarked = True  # the service asks for one


class FileForm(UploadForm):
    """Pictures and PDFs with a match."""

    photos = MultipleFileField(_l("Photos or PDF"))
    internal = BooleanField(_l("For the social workers only"))
    caption = StringField(_l("What is this?"), validators=[Length(max=200)])

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.files: list[Picture | Document] = []
        self.photos.flags.unmarked = True

    def take(self, upload: FileStorage) -> None:
        """Encode a picture anew, look a PDF through."""
        self.files.append(taken_file(upload.read(), upload.filename or ""))


class RemoveFileForm(HouseForm):
    """A picture or PDF that goes."""

    file = HiddenField(validators=[InputRequired()])


class FeedbackForm(ProxyForm):
    """How it was, in three taps."""

    helped = RadioField(
        _l("Did it help?"), choices=options(HELPED),
        validators=[InputRequired(CHOOSE)],
    )  # fmt: skip
    again = RadioField(
        _l("Would you do it again?"), choices=options(AGAIN),
        validators=[InputRequired(CHOOSE)],
    )  # fmt: skip
    reason = SelectField(
        _l("If you would not do it again, why?"),
        choices=options(AGAIN_REASONS, first=_l("Please choose")),
        validators=[Optional()],
    )
    text = StringField(_l("One sentence about it"), validators=[Length(max=500)])

    @property
    def chosen_again(self) -> Again:
        """Yes, no or not sure."""
        return Again(self.again.data)

    @property
    def chosen_reason(self) -> AgainReason | None:
        """Why not, if anything was said."""
        return AgainReason(self.reason.data) if self.reason.data else None


class FollowUpForm(HouseForm):
    """What became of it."""

    kind = HiddenField(validators=[InputRequired()])
    note = StringField(
        _l("What did you hear?"), validators=[InputRequired(REQUIRED), Length(max=500)]
    )

    @property
    def chosen(self) -> FollowUpKind | None:
        """Which of them; None for what is none."""
        return FollowUpKind(self.kind.data) if self.kind.data in tuple(FollowUpKind) else None


class SkipForm(FollowUpForm):
    """Why nobody asks."""

    note = StringField(
        _l("Why is it left out?"), validators=[InputRequired(REQUIRED), Length(max=500)]
    )
