"""The forms of open accounts: for a phone, one thing after the other."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from exchange.files.documents import Document
from exchange.files.forms import children_field
from exchange.files.pictures import Picture
from exchange.files.stating import statement_problem
from exchange.files.uploading import taken_file
from exchange.kernel.errors import Conflict, Invalid
from exchange.projects.ledger.amounts import fault_of, read_amount
from exchange.projects.ledger.kinds import AccountKind, Counterparty, EntryKind, LedgerRole
from exchange.projects.ledger.labels import ACCOUNTS, COUNTERPARTIES, KINDS, ROLES
from exchange.projects.ledger.rules import (
    LONGEST_GOODS,
    LONGEST_KEY,
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_REASON,
    LONGEST_UNIT,
    MOST_COPIES,
)
from exchange.projects.ledger.values import EntryValues
from exchange.web.forms import HouseForm, options
from exchange.web.sentences import sentence

REQUIRED = InputRequired(_l("Please fill this in."))
CHOOSE = InputRequired(_l("Please choose one."))
RECORDED = {one: KINDS[one] for one in (EntryKind.PAYMENT, EntryKind.RECEIPT)}


def short(most: int) -> Length:
    """No longer than the book keeps it."""
    return Length(max=most, message=_l("This is too long."))


class CopiesForm(HouseForm):
    """Documents themselves and copies for the public, read before the act opens.

    ``lost``: the fields whose files came with what was sent; a form that is refused keeps none.
    """

    files = MultipleFileField(_l("Photo of the receipt or invoice"))
    children = children_field()
    public_files = MultipleFileField(_l("Copy for the public"))
    no_public_reason = StringField(
        _l("Why is no document public?"),
        [short(LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.originals: list[Picture | Document] = []
        self.publics: list[Picture | Document] = []
        self.lost: set[str] = set()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; files only where all the rest is right."""
        self.lost = {one.name for one in (self.files, self.public_files) if _sent(one)}
        if not super().validate(extra_validators):
            return False
        self.originals = self._taken(self.files)
        self.publics = self._taken(self.public_files)
        problem = statement_problem(self.publics, self.children.data or "")
        if problem:
            self.children.errors = [sentence(problem)]
        return not (self.files.errors or self.public_files.errors or problem)

    def _taken(self, field: MultipleFileField) -> list[Picture | Document]:
        sent = _sent(field)
        if len(sent) > MOST_COPIES:
            field.errors = [*field.errors, sentence("too_many_files")]
            return []
        try:
            return [taken_file(one.read()) for one in sent]
        except Invalid as error:
            field.errors = [*field.errors, sentence(error.code, error.params)]
            return []


def _sent(field: MultipleFileField) -> list[FileStorage]:
    return [one for one in request.files.getlist(field.name) if one.filename]


class RecordForm(CopiesForm):
    """A receipt or a payment."""

    kind = RadioField(_l("What happened?"), [CHOOSE], choices=options(RECORDED))
    account_kind = RadioField(
        _l("Money or goods?"), [CHOOSE], choices=options(ACCOUNTS),
        default=AccountKind.MONEY.value,
    )  # fmt: skip
    amount = StringField(
        _l("How much?"), [REQUIRED, short(40)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )  # fmt: skip
    goods = StringField(_l("Which goods?"), [short(LONGEST_GOODS)])
    unit = StringField(_l("Counted in"), [short(LONGEST_UNIT)])
    purpose = StringField(
        _l("What for?"), [REQUIRED, short(LONGEST_PURPOSE)],
        render_kw={"maxlength": LONGEST_PURPOSE},
    )  # fmt: skip
    budget_key = SelectField(_l("Which line of the budget?"), [Optional()], validate_choice=False)
    counterparty = RadioField(
        _l("From whom or to whom?"), [CHOOSE], choices=options(COUNTERPARTIES),
        default=Counterparty.ORGANISATION.value,
    )  # fmt: skip
    counterparty_name = StringField(
        _l("Name of the organisation or person"), [REQUIRED, short(LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME},
    )  # fmt: skip
    happened_on = DateField(_l("On which day was it?"), [REQUIRED])
    no_document_reason = StringField(
        _l("No receipt? Say why"), [short(LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )  # fmt: skip
    sent_key = HiddenField(validators=[Length(max=LONGEST_KEY)])

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.files.flags.unmarked = True  # needed, or the reason below
        self.goods.flags.unmarked = self.unit.flags.unmarked = True  # needed where it is goods

    def take_refusal(self, error: Invalid | Conflict) -> None:
        """More than is there is a matter of the amount."""
        if error.code == "ledger_not_there":
            error = Invalid(fields={"amount": [error.code]}, **error.params)
        super().take_refusal(error)

    def ask_for_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Offer the lines of the budget."""
        self.budget_key.choices = [("", _l("None of these")), *lines]

    @property
    def values(self) -> EntryValues:
        """What was entered. To be called once the form is valid."""
        account_kind = AccountKind(self.account_kind.data)
        return EntryValues(
            kind=EntryKind(self.kind.data),
            amount=read_amount(self.amount.data or "", account_kind),
            amount_fault=fault_of(self.amount.data or "", account_kind),
            purpose=self.purpose.data or "",
            counterparty_name=self.counterparty_name.data or "",
            happened_on=self.happened_on.data,
            account_kind=account_kind,
            goods=self.goods.data or "",
            unit=self.unit.data or "",
            budget_key=(self.budget_key.data or "")[:20],
            counterparty=Counterparty(self.counterparty.data),
            no_document_reason=self.no_document_reason.data or "",
            no_public_reason=self.no_public_reason.data or "",
            sent_key=self.sent_key.data or "",
        )


class CounterForm(HouseForm):
    """Why an entry is taken back."""

    reason = StringField(
        _l("What was wrong?"), [REQUIRED, short(LONGEST_PURPOSE)],
        render_kw={"maxlength": LONGEST_PURPOSE},
    )  # fmt: skip
    sent_key = HiddenField(validators=[Length(max=LONGEST_KEY)])


class RefuseForm(HouseForm):
    """Why an approver says no."""

    reason = TextAreaField(
        _l("Why not?"), [REQUIRED, short(LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3},
    )  # fmt: skip
    version = HiddenField()


class RoleForm(HouseForm):
    """Who does what."""

    person = SelectField(_l("Who?"), [CHOOSE], validate_choice=False)
    role = RadioField(_l("Does what?"), [CHOOSE], choices=options(ROLES))

    @property
    def chosen(self) -> LedgerRole:
        """The role. To be called once the form is valid."""
        return LedgerRole(self.role.data)


class LimitForm(HouseForm):
    """Above which sum two people are needed, in yuan."""

    limit = StringField(
        _l("Two people above how many yuan?"), [short(20)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )  # fmt: skip
    version = HiddenField()


class AppealForm(HouseForm):
    """A charity's filed campaign."""

    charity = SelectField(_l("Which charity?"), [CHOOSE], validate_choice=False)
    number = StringField(
        _l("Number of the filed campaign"), [REQUIRED, short(40)],
        render_kw={"autocapitalize": "characters", "autocomplete": "off"},
    )  # fmt: skip
    link = StringField(
        _l("Address of the campaign's page"), [REQUIRED, short(LONGEST_LINK)],
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )  # fmt: skip


class PeriodForm(HouseForm):
    """From when until when."""

    class Meta(HouseForm.Meta):
        """Reads only, so nothing to protect."""

        csrf = False

    first = DateField(_l("From"), [Optional()], name="from")
    last = DateField(_l("Until"), [Optional()], name="to")
