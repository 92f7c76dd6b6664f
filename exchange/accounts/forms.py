"""The forms of people, organisations and stations."""

import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from exchange.accounts.kinds import OrganisationKind, PointLevel
from exchange.accounts.labels import DUTIES, KINDS, LEVELS, ROLES
from exchange.accounts.place_forms import PlaceForm
from exchange.accounts.rules import Address, address_problem, read_address, read_phone
from exchange.kernel.actor import Duty, Role
from exchange.web.forms import HouseForm, options
from exchange.web.locale import LOCALES
from exchange.web.sentences import sentence

NEEDED = DataRequired(_l("Please fill this in."))
NOT_OFFERED = {OrganisationKind.INDIVIDUAL_VOLUNTEER, OrganisationKind.SOCIAL_WORK_STATION}


def short(most: int) -> Length:
    """At most so many characters."""
    return Length(max=most, message=_l("Please keep this under %(max)d characters."))


class AddressField(StringField):  # type: ignore[misc]  # WTForms is untyped
    """A phone number or an e-mail address in one field; ``address`` once it has been checked."""

    address: Address

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        words = {"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        super().__init__(
            label or _l("Phone or e-mail"), [NEEDED, short(254)], render_kw=words, **kwargs
        )

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002 - WTForms' signature
        if validation_stopped:
            return
        address = read_address(self.data or "")
        if address is None:
            raise ValidationError(sentence(address_problem(self.data or "")))
        self.address = address


def new_password(label: Any = None) -> PasswordField:
    """A field for a new password; the service says what is refused."""
    words = {"autocomplete": "new-password"}
    return PasswordField(label or _l("Password"), [NEEDED], render_kw=words)


class SignInForm(HouseForm):
    """Phone or e-mail, and password."""

    address = AddressField()
    password = PasswordField(
        _l("Password"), [NEEDED], render_kw={"autocomplete": "current-password"}
    )


class SignUpForm(PlaceForm):
    """Everything a person tells at the start."""

    address = AddressField()
    name = StringField(_l("Your name"), [NEEDED, short(80)], render_kw={"autocomplete": "name"})
    password = new_password()
    division = StringField(_l("Where are you?"))
    here_for = RadioField(
        _l("I am here for"),
        choices=[
            SelectChoice("myself", _l("Myself")),
            SelectChoice("organisation", _l("My village or organisation")),
        ],
        default="organisation",
    )


class AddressForm(HouseForm):
    """One phone number or e-mail address."""

    address = AddressField()


class CodeForm(HouseForm):
    """The six digits that were sent."""

    code = StringField(
        _l("Code of 6 digits"),
        [NEEDED, short(12)],
        filters=[lambda text: "".join(unicodedata.normalize("NFKC", text or "").split())],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class ResetForm(CodeForm):
    """The code and a new password."""

    password = new_password(_l("New password"))


class PasswordForm(HouseForm):
    """The present password and a new one."""

    current = PasswordField(
        _l("Present password"), [NEEDED], render_kw={"autocomplete": "current-password"}
    )
    password = new_password(_l("New password"))


class ProfileForm(HouseForm):
    """Name and language."""

    name = StringField(_l("Your name"), [NEEDED, short(80)], render_kw={"autocomplete": "name"})
    locale = RadioField(_l("Language"), choices=options(LOCALES))


class OrganisationForm(PlaceForm):
    """An organisation's public data, and its credit code."""

    kind = SelectField(
        _l("What it is"),
        choices=options({kind: words for kind, words in KINDS.items() if kind not in NOT_OFFERED}),
        coerce=str,
    )
    name_zh = StringField(_l("Name"), [NEEDED, short(120)])
    division = StringField(_l("Where is it?"))
    credit_code = StringField(
        _l("Unified social credit code"), [short(30)], render_kw={"autocapitalize": "characters"}
    )
    name_en = StringField(_l("Name in English"), [short(160)])
    profile = TextAreaField(_l("What it does"), [short(2000)], render_kw={"rows": 4})


class InviteForm(HouseForm):
    """Whom to invite, and as what."""

    address = AddressField()
    role = RadioField(
        _l("Role"),
        choices=options(ROLES),
        default=Role.MEMBER.value,
    )


class PointForm(PlaceForm):
    """A service point: its level, name and the place it serves."""

    level = RadioField(
        _l("Level"),
        choices=options({one: LEVELS[one] for one in (PointLevel.STATION, PointLevel.ROOM)}),
        default=PointLevel.STATION.value,
    )
    name_zh = StringField(_l("Name"), [NEEDED, short(120)])
    division = StringField(_l("Which place does it serve?"))
    name_en = StringField(_l("Name in English"), [short(160)])


class AssignForm(HouseForm):
    """Who serves, and as what."""

    address = AddressField()
    duty = RadioField(
        _l("Duty"),
        choices=options(DUTIES),
        default=Duty.BROKER.value,
    )


class VouchForm(HouseForm):
    """The number and name of somebody whom the worker knows."""

    phone = StringField(
        _l("Their phone number"), [NEEDED, short(30)], render_kw={"inputmode": "tel"}
    )
    name = StringField(_l("Their name"), [NEEDED, short(80)])
    known = RadioField(
        _l("Do you know this person?"),
        [DataRequired(_l("Please vouch only for people you know."))],
        choices=[SelectChoice("yes", _l("I know them, and this is their number"))],
    )

    def validate_phone(self, field: StringField) -> None:
        """Only a mobile number."""
        if read_phone(field.data or "") is None:
            raise ValidationError(_("This is not a mobile number of 11 digits."))
