"""The forms of projects: a short one to begin, then a short one for each matter."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from exchange.accounts.place_forms import PlaceForm
from exchange.listings.amounts import amount_fault, plain_largest, plain_quantity, quantity_milli
from exchange.listings.kinds import Visibility
from exchange.listings.labels import VISIBILITY_LABELS
from exchange.projects.checking import LONGEST
from exchange.projects.kinds import PartnerRole
from exchange.projects.labels import ROLE_LABELS
from exchange.projects.models import LONGEST_TITLE
from exchange.projects.rules import LARGEST_FEN
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS
from exchange.taxonomy.terms import Beneficiary
from exchange.web.forms import CountField, HouseForm, options
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

NEEDED = InputRequired(_l("Please fill this in."))
TITLE = _l("What is it called?")
AIM = _l("What shall be different when it is done?")


def _short(most: int) -> Length:
    return Length(max=most, message=_l("This is too long."))


def _sum_in_bounds(_form: HouseForm, field: StringField) -> None:
    """Say what is wrong with a number; what is none at all is said by whoever keeps it."""
    most = LARGEST_FEN * 10
    fault = amount_fault(field.data or "", most)
    if fault == "quantity_too_large":
        raise ValidationError(_l("At most %(number)s, please.", number=plain_largest(most)))
    if fault == "quantity_not_positive":
        raise ValidationError(sentence(fault))


def version_read(form: HouseForm) -> int:
    """The version that stood on the page; 0, which none has, when it said none."""
    plain = str(form.version.data or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


class BeginForm(PlaceForm):
    """All that is asked at first. ``need`` and ``match`` are where somebody came from."""

    title = StringField(TITLE, [NEEDED, _short(LONGEST_TITLE)], render_kw={"maxlength": 80})
    division = StringField(_l("Where?"))
    division_text = StringField(_l("Where?"))
    aim = TextAreaField(AIM, [_short(LONGEST["aim"])], render_kw={"rows": 6, "maxlength": 2000})
    template = HiddenField()
    need = HiddenField()
    match = HiddenField()


class WordsForm(HouseForm):
    """What it says, and who may read it."""

    title = StringField(TITLE, [NEEDED, _short(LONGEST_TITLE)], render_kw={"maxlength": 80})
    aim = TextAreaField(AIM, [_short(LONGEST["aim"])], render_kw={"rows": 6, "maxlength": 2000})
    plan = TextAreaField(
        _l("How shall it be done?"),
        [_short(LONGEST["plan"])],
        render_kw={"rows": 8, "maxlength": 5000},
    )
    category_code = SelectField(_l("Category"), validate_choice=False)
    visibility = RadioField(_l("Who may see it"), choices=options(VISIBILITY_LABELS))
    version = HiddenField()

    def offer_choices(self) -> None:
        """Fill the list of categories in the reader's language."""
        locale, tree = locale_code(), taxonomy()
        groups: dict[str, Any] = {"": [("", "—")]}
        for top in tree.children():
            below = [(one.code, one.name(locale)) for one in tree.children(top.code)]
            groups[top.name(locale)] = [(top.code, top.name(locale)), *below]
        self.category_code.choices = groups

    @property
    def chosen_visibility(self) -> Visibility:
        """Who may see it."""
        return Visibility(self.visibility.data)


class PeopleForm(HouseForm):
    """For whom, how many, and from when to when."""

    beneficiaries = SelectMultipleField(
        _l("For whom"), choices=options({one.value: BENEFICIARY_LABELS[one] for one in Beneficiary})
    )
    beneficiary_count = CountField(
        _l("About how many people?"), [Optional()], render_kw={"inputmode": "numeric"}
    )
    from_date = DateField(_l("From"), [Optional()])
    to_date = DateField(_l("Until"), [Optional()])
    version = HiddenField()


class AddPlaceForm(PlaceForm):
    """One more place."""

    division = StringField(_l("One more place"))
    division_text = StringField(_l("One more place"))


class StepForm(HouseForm):
    """A step of the plan."""

    title = StringField(
        _l("What shall be reached?"), [NEEDED, _short(LONGEST_TITLE)], render_kw={"maxlength": 80}
    )
    due_on = DateField(_l("By when?"), [Optional()])
    version = HiddenField()


class DoneForm(HouseForm):
    """On which day a step was reached; empty: today."""

    done_on = DateField(_l("Reached on"), [Optional()])


class BudgetForm(HouseForm):
    """A sum and what it is for."""

    purpose = StringField(
        _l("What is the money for?"), [NEEDED, _short(LONGEST_TITLE)], render_kw={"maxlength": 80}
    )
    planned = StringField(
        _l("How much money?"), [NEEDED, _short(20), _sum_in_bounds],
        render_kw={"inputmode": "decimal"},
    )
    version = HiddenField()

    @property
    def planned_fen(self) -> int | None:
        """The sum; None where it cannot be read or is finer than a fen."""
        milli = quantity_milli(self.planned.data or "")
        return None if milli is None or milli % 10 else milli // 10


def yuan_typed(fen: int) -> str:
    """A sum as a person would type it again."""
    return plain_quantity(fen * 10)


class InviteForm(HouseForm):
    """Whom to ask to take part."""

    organisation = HiddenField(validators=[InputRequired()])
    role = RadioField(
        _l("As what?"), choices=options(ROLE_LABELS), default=PartnerRole.PARTNER.value
    )


class StageForm(HouseForm):
    """Where it goes; stopping needs a reason."""

    wanted = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(
        _l("Why is it stopped?"), [_short(500)], render_kw={"rows": 3, "maxlength": 500}
    )
    version = HiddenField()


class ReturnForm(HouseForm):
    """What should be changed."""

    note = TextAreaField(
        _l("What should be changed?"), [_short(500)], render_kw={"rows": 3, "maxlength": 500}
    )
    version = HiddenField()
