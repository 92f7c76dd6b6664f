"""The forms of a match. Every step is one short form."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from exchange.brokering.deeds.kinds import Period
from exchange.brokering.deeds.labels import PERIODS
from exchange.brokering.deeds.rules import Effects
from exchange.brokering.deeds.sending import Sent
from exchange.brokering.kinds import CheckKind, CloseReason, DismissReason, ProxyConsent
from exchange.brokering.labels import (
    CHECKS,
    CLOSE_REASONS,
    CONSENTS,
    DECLINE_REASONS,
    DISMISS_REASONS,
    FAIL_REASONS,
    UNPROMISED_REASONS,
)
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.amounts import amount_fault, quantity_milli
from exchange.web.forms import CountField, HouseForm, options
from exchange.web.sentences import sentence

REQUIRED = _l("Please fill this in.")
CHOOSE_WHY = _l("Please say why it does not fit.")
CHOOSE_CONSENT = _l("Please say how they agreed.")
MOST_PEOPLE = 10_000_000
CHOOSE_CHECK = _l("Please say what you looked at.")
READ_AGAIN = _l("The outcome was written anew. Please read it again before you confirm.")


PERIOD_CHOICES = options(PERIODS)


def _reasons(reasons: tuple[CloseReason, ...]) -> dict[CloseReason, Any]:
    return {reason: CLOSE_REASONS[reason] for reason in reasons}


def _dismissal(value: str) -> DismissReason | str:
    """The reason; "" while none is chosen."""
    return DismissReason(value) if value else ""


def _check(value: str) -> CheckKind | str:
    """Likewise."""
    return CheckKind(value) if value else ""


def _close_reason(value: str) -> CloseReason | str:
    """Likewise."""
    return CloseReason(value) if value else ""


class AmountField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """An amount as people write it (2.5, 三十万), read into thousandths of the unit."""

    @property
    def milli(self) -> int:
        """The amount in thousandths; 0 when it cannot be read."""
        return quantity_milli(self.data or "") or 0


def readable_amount(_form: HouseForm, field: AmountField) -> None:
    """Refuse what is not a positive number, and say which of all that it is not."""
    fault = amount_fault(field.data or "")
    if fault == "quantity_unreadable":
        raise ValidationError(_l("Please write a number, such as 2.5."))
    if fault:
        raise ValidationError(sentence(fault))


class NeededWhereAsked:
    """Refuses an empty answer; a form that does not put the question, as one's own, has none."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: Any = REQUIRED) -> None:
        self.message = message

    def __call__(self, _form: HouseForm, field: Field) -> None:
        """Nothing further is checked of what is empty."""
        if not field.data:
            field.errors = []
            raise StopValidation(self.message if field.raw_data else None)


def consent_field(label: Any) -> SelectField:
    """How somebody agreed."""
    return SelectField(
        label,
        choices=options(CONSENTS, first=_l("Please choose")),
        validators=[NeededWhereAsked(CHOOSE_CONSENT)],
    )


def consent_words_field() -> StringField:
    """What they said, as the proxy heard it."""
    return StringField(
        _l("Who agreed, when, in which words?"),
        validators=[NeededWhereAsked(), Length(max=500)],
    )


class ConsentForm(HouseForm):
    """How the person agreed, where somebody speaks for them."""

    consent = consent_field(_l("How did they agree?"))
    consent_note = consent_words_field()

    @property
    def chosen_consent(self) -> ProxyConsent | None:
        return ProxyConsent(self.consent.data) if self.consent.data else None


class PairForm(HouseForm):
    """Which pair."""

    need = HiddenField(validators=[InputRequired()])
    offer = HiddenField(validators=[InputRequired()])

    @property
    def key(self) -> str:
        """The pair as it stands in addresses."""
        return f"{self.need.data}-{self.offer.data}"


class DismissForm(PairForm):
    """Why a pair is not suitable."""

    reason = SelectField(
        _l("Why does it not fit?"),
        choices=options(DISMISS_REASONS, first=_l("Please choose")),
        coerce=_dismissal,
        invalid_choice_message=CHOOSE_WHY,
        invalid_value_message=CHOOSE_WHY,
        validators=[InputRequired(CHOOSE_WHY)],
    )
    note = StringField(_l("In a few words"), validators=[Length(max=500)])


class CheckForm(HouseForm):
    """What was looked at before people come to people who need protection."""

    kind = SelectField(
        _l("What did you look at?"),
        choices=options(CHECKS, first=_l("Please choose")),
        coerce=_check,
        invalid_choice_message=CHOOSE_CHECK,
        invalid_value_message=CHOOSE_CHECK,
        validators=[InputRequired(CHOOSE_CHECK)],
    )
    seen_on = DateField(_l("On which day?"), validators=[InputRequired(REQUIRED)])
    note = StringField(_l("Who comes, and what else to know"), validators=[Length(max=500)])


class ProposeForm(HouseForm):
    """The message to both sides."""

    message = TextAreaField(
        _l("What do you write to both sides?"),
        validators=[InputRequired(REQUIRED), Length(max=2000)],
    )


class AnswerForm(ConsentForm):
    """Yes or no. For a no, why; for a proxy, how the person agreed."""

    side = HiddenField(validators=[InputRequired()])
    consent = consent_field(_l("How did they agree to this match?"))
    consent_note = consent_words_field()
    accept = RadioField(
        _l("Your answer"),
        choices=options({"yes": _l("Yes, introduce us"), "no": _l("No, thank you")}),
        validators=[InputRequired(REQUIRED)],
    )
    reason = SelectField(
        _l("If not, why?"),
        choices=options(_reasons(DECLINE_REASONS), first=_l("Please choose")),
        validators=[Optional()],
    )
    note = StringField(_l("Anything to add"), validators=[Length(max=500)])

    @property
    def chosen_reason(self) -> CloseReason | None:
        return CloseReason(self.reason.data) if self.reason.data else None

    def validate(self, extra_validators: Any = None) -> bool:
        """A no without a reason is told together with all else that is missing."""
        is_valid = bool(super().validate(extra_validators))
        if self.accept.data == "no" and not self.reason.data:
            self.reason.errors = [*self.reason.errors, CHOOSE_WHY]
            is_valid = False
        return is_valid


class ReadForm(HouseForm):
    """A form that says what was the newest when it was read, so that sent twice it works once."""

    read = HiddenField()

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.is_late = False

    @property
    def sent(self) -> Sent:
        """What was sent, by what it was read at."""
        return Sent(read=self.read.data or "")

    def take_refusal(self, error: Invalid | Conflict) -> None:
        """Remember whether something has come in between."""
        self.is_late = error.code in ("commitment_meanwhile", "delivery_meanwhile")
        super().take_refusal(error)

    def show_at(self, newest: str) -> None:
        """Whoever was told what has come in between reads it now, and may send it again."""
        if self.is_late:
            self.read.data = newest


class CommitForm(ReadForm):
    """The two amounts of a commitment."""

    taken = AmountField(
        _l("Taken from the offer"), validators=[InputRequired(REQUIRED), readable_amount]
    )
    covers = AmountField(
        _l("Covers of the need"), validators=[InputRequired(REQUIRED), readable_amount]
    )
    due_on = DateField(_l("To be delivered by"), validators=[Optional()])


class OutcomeForm(HouseForm):
    """What came of it."""

    text = TextAreaField(
        _l("What came of it?"), validators=[InputRequired(REQUIRED), Length(max=4000)]
    )
    people = CountField(
        _l("How many people did it reach?"),
        validators=[
            InputRequired(REQUIRED),
            NumberRange(0, MOST_PEOPLE, _l("Please give a number from 0 to 10,000,000.")),
        ],
    )
    amount = AmountField(
        _l("How much was really delivered?"), validators=[Optional(), readable_amount]
    )
    unit = StringField(_l("Unit"), validators=[Optional(), Length(max=20)])
    income = AmountField(
        _l("How many yuan do people earn more by it?"), validators=[Optional(), readable_amount]
    )
    income_period = SelectField(
        _l("For how long?"), choices=PERIOD_CHOICES, validators=[Optional()]
    )
    saved = AmountField(
        _l("How many yuan do people save by it?"), validators=[Optional(), readable_amount]
    )
    saved_period = SelectField(
        _l("For how long?"), choices=PERIOD_CHOICES, validators=[Optional()]
    )
    lessons = TextAreaField(
        _l("What should others know who try the same?"), validators=[Length(max=2000)]
    )

    def take_refusal(self, error: Invalid | Conflict) -> None:
        """What was delivered is asked for in the field of the amount."""
        if isinstance(error, Invalid) and "delivered" in error.fields:
            words = [sentence(code, error.params) for code in error.fields["delivered"]]
            self.amount.errors = [*self.amount.errors, *words]
        else:
            super().take_refusal(error)

    @property
    def effects(self) -> Effects:
        """What it changed, in fen; an amount without a period counts once."""
        return Effects(
            self.unit.data or "",
            *_fen(self.income, self.income_period),
            *_fen(self.saved, self.saved_period),
            self.lessons.data or "",
        )


def _fen(amount: AmountField, period: SelectField) -> tuple[int | None, Period | None]:
    if not amount.milli:
        return None, None
    return amount.milli // 10, Period(period.data) if period.data else Period.ONCE


class ConfirmForm(ConsentForm):
    """A side confirms; a proxy says how the person agreed."""

    side = HiddenField(validators=[InputRequired()])
    version = CountField(_l("Outcome"), validators=[InputRequired(READ_AGAIN)])


class EvaluateForm(HouseForm):
    """The social worker's judgement at the end."""

    text = TextAreaField(
        _l("Would you do it again? What was learnt?"),
        validators=[InputRequired(REQUIRED), Length(max=4000)],
    )


class CloseForm(HouseForm):
    """Why it ends without an outcome."""

    reason = SelectField(
        _l("Why?"),
        choices=options(
            _reasons((*UNPROMISED_REASONS, *FAIL_REASONS)), first=_l("Please choose")
        ),
        coerce=_close_reason,
        invalid_choice_message=REQUIRED,
        invalid_value_message=REQUIRED,
        validators=[InputRequired(REQUIRED)],
    )
    note = StringField(_l("In a few words"), validators=[Length(max=500)])

    def offer(self, *, is_promised: bool) -> "CloseForm":
        """Show the reasons that fit: those of a broken promise only where something was promised.
        """
        fitting = _reasons(FAIL_REASONS if is_promised else UNPROMISED_REASONS)
        self.reason.choices = options(fitting, first=_l("Please choose"))
        return self
