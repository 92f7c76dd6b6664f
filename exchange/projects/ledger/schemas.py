"""Open accounts as programs send and read them. Sums are yuan as decimal text, never floats."""

from collections.abc import Sequence
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.api.paging import PageSchema
from exchange.files.upload_schemas import CHILDREN
from exchange.kernel.actor import Actor
from exchange.projects.ledger.amounts import fault_of, plain_amount, plain_yuan, read_amount
from exchange.projects.ledger.kinds import (
    AccountKind,
    CopyKind,
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.ledger.models import Appeal, DocumentCopy, EntryRequest, RoleHolder
from exchange.projects.ledger.queries import copies_of, of_kind
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

EXAMPLE = {
    "kind": "payment",
    "amount": "3200.00",
    "purpose": "冷库门两扇",
    "counterparty_name": "安顺冷库设备厂",
    "date": "2026-11-20",
    "no_document_reason": "发票随后上传",
    "key": "2026-11-20-door",
}
VERSION = {"description": "The version you have read; another one answers 409."}
NAMED = "The name, for the project's people and its social workers; null for others."
RECORDED = [EntryKind.RECEIPT.value, EntryKind.PAYMENT.value]


def one_of(kinds: Any) -> dict[str, Any]:
    """What a field may say."""
    return {"enum": [one.value for one in kinds]}


class Choice(Text):
    """One of the words of a closed list."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:
        super().__init__(metadata={"enum": list(words)}, **options)
        self.words = frozenset(words)

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> str:
        found = super()._deserialize(value, *rest, **options)
        if found not in self.words:
            raise ValidationError("field_choice")
        return found


class AccountSchema(ApiSchema):
    """An account: the money, or one kind of goods."""

    kind = fields.String(metadata=one_of(AccountKind))
    name = fields.String(metadata={"description": "The goods; empty for money."})
    unit = fields.String()
    came = fields.String(metadata={"example": "50000.00"})
    went = fields.String()
    balance = fields.String()


class BudgetSchema(ApiSchema):
    """A line of the budget with what was spent on it, in yuan."""

    line = fields.String(allow_none=True)
    name = fields.String()
    planned = fields.String()
    spent = fields.String()
    in_plan = fields.Boolean()


class LedgerAppealSchema(ApiSchema):
    """A link to a charity's filed campaign. The exchange itself collects nothing."""

    id = fields.String()
    charity = fields.Nested(OrganisationRef)
    number = fields.String()
    link = fields.String()


class BookSchema(ApiSchema):
    """The open accounts of a project."""

    accounts = fields.List(fields.Nested(AccountSchema))
    budget = fields.List(fields.Nested(BudgetSchema))
    appeals = fields.List(fields.Nested(LedgerAppealSchema))
    two_people_above = fields.String(
        metadata={"description": "In yuan; 0.00 means always. Goods always need two people."}
    )
    version = fields.Integer()
    may_record = fields.Boolean()
    may_approve = fields.Boolean()
    url = fields.String(metadata={"description": "The page of it on this site."})


class LedgerEntrySchema(ApiSchema):
    """A booked entry, as everybody may read it."""

    number = fields.Integer()
    booked_on = fields.String()
    date = fields.String()
    kind = fields.String(metadata=one_of(EntryKind))
    account_kind = fields.String(metadata=one_of(AccountKind))
    account = fields.String()
    unit = fields.String()
    direction = fields.String(metadata={"enum": ["in", "out"]})
    amount = fields.String()
    balance = fields.String(metadata={"description": "Of the account, after this entry."})
    purpose = fields.String()
    budget_line = fields.String()
    counterparty = fields.String(
        allow_none=True, metadata={"description": "Null for a private person."}
    )
    corrects = fields.Integer(allow_none=True)
    corrected_by = fields.Integer(allow_none=True)
    two_people = fields.Boolean()
    recorder_role = fields.String(metadata=one_of(LedgerRole))
    recorder = fields.String(allow_none=True, metadata={"description": NAMED})
    approver_role = fields.String(
        allow_none=True,
        metadata={"enum": [LedgerRole.APPROVER.value, None], "description": "Null: nobody had to."},
    )
    approver = fields.String(allow_none=True, metadata={"description": NAMED})
    documents = fields.List(fields.String())


class EntryPage(PageSchema):
    """Entries, the newest first."""

    items = fields.List(fields.Nested(LedgerEntrySchema))


class RequestSchema(ApiSchema):
    """What a treasurer recorded."""

    id = fields.String()
    state = fields.String(metadata=one_of(RequestState))
    kind = fields.String(metadata=one_of(EntryKind))
    account_kind = fields.String(metadata=one_of(AccountKind))
    account = fields.String()
    unit = fields.String()
    direction = fields.String(metadata={"enum": ["in", "out"]})
    amount = fields.String()
    purpose = fields.String()
    counterparty = fields.String(allow_none=True)
    date = fields.String()
    corrects = fields.Integer(allow_none=True)
    entry = fields.Integer(
        allow_none=True, metadata={"description": "The number in the accounts, once booked."}
    )
    reason = fields.String(metadata={"description": "Why it was refused."})
    originals = fields.Integer(metadata={"description": "How many documents there are."})
    documents = fields.List(fields.String(), metadata={"description": "For the public."})
    version = fields.Integer()


class RequestPage(PageSchema):
    """What waits for the second person; never more than a page."""

    items = fields.List(fields.Nested(RequestSchema))


class DocumentsSchema(ApiSchema):
    """The documents themselves; they can be fetched for half an hour."""

    originals = fields.List(fields.String())
    private_name = fields.String(allow_none=True)


class RecordBody(ApiSchema):
    """A receipt or payment. Documents follow by the operation for them."""

    kind = Choice(RECORDED, required=True)
    account_kind = Choice([one.value for one in AccountKind], load_default="money")
    amount = Text(
        required=True, validate=length(1, 40), metadata={"description": "Yuan, or units of goods."}
    )
    goods = Text(load_default="", validate=length(0, LONGEST_GOODS))
    unit = Text(load_default="", validate=length(0, LONGEST_UNIT))
    purpose = Text(required=True, validate=length(1, LONGEST_PURPOSE))
    budget_line = Text(load_default="", validate=length(0, 20))
    counterparty = Choice([one.value for one in Counterparty], load_default="organisation")
    counterparty_name = Text(required=True, validate=length(1, LONGEST_NAME))
    date = fields.Date(required=True)
    no_document_reason = Text(load_default="", validate=length(0, LONGEST_REASON))
    no_public_reason = Text(load_default="", validate=length(0, LONGEST_REASON))
    key = Text(
        load_default="",
        validate=length(0, LONGEST_KEY),
        metadata={"description": "Your own name of it: sent twice it is recorded once."},
    )


class CounterBody(ApiSchema):
    """Why an entry is taken back."""

    reason = Text(required=True, validate=length(1, LONGEST_PURPOSE))
    key = Text(load_default="", validate=length(0, LONGEST_KEY))


class DecisionBody(ApiSchema):
    """The version that was read."""

    version = fields.Integer(strict=True, validate=between(0, 2**31 - 1), metadata=VERSION)


class RefuseBody(DecisionBody):
    """Why not."""

    reason = Text(required=True, validate=length(1, LONGEST_REASON))


class CopiesChildrenBody(ApiSchema):
    """What is said about children on the copies for the public; needed where there are any."""

    children = Text(load_default="", validate=length(0, 20), metadata=CHILDREN)


class CopiesBody(ApiSchema):
    """Files of a multipart/form-data body."""

    files = fields.List(
        Upload(metadata={"description": "JPEG, PNG, WebP or PDF of up to 8 MB."}),
        load_default=list,
        validate=length(0, MOST_COPIES),
    )
    public_files = fields.List(
        Upload(metadata={"description": "The same with everything personal covered."}),
        load_default=list,
        validate=length(0, MOST_COPIES),
    )


class LimitBody(ApiSchema):
    """The rule of two people."""

    two_people_above = Text(
        allow_none=True,
        required=True,
        validate=length(0, 20),
        metadata={"description": "In yuan; 0 always; null as the site sets it; never more."},
    )
    version = fields.Integer(strict=True, validate=between(0, 2**31 - 1), metadata=VERSION)


class LedgerRoleBody(ApiSchema):
    """Who does what."""

    person = Text(required=True, validate=length(1, 20))
    role = Choice([one.value for one in LedgerRole], required=True)


class LedgerRoleSchema(ApiSchema):
    """Somebody in office."""

    person = fields.String()
    name = fields.String()
    role = fields.String(metadata=one_of(LedgerRole))


class RolesSchema(ApiSchema):
    """Everybody in office."""

    items = fields.List(fields.Nested(LedgerRoleSchema))


class LedgerAppealBody(ApiSchema):
    """A charity's filed campaign."""

    charity = Text(required=True, validate=length(1, 20))
    number = Text(required=True, validate=length(1, 40))
    link = Text(required=True, validate=length(1, LONGEST_LINK))


def values_of(given: dict[str, Any]) -> EntryValues:
    """What a program recorded."""
    account_kind = AccountKind(given["account_kind"])
    return EntryValues(
        kind=EntryKind(given["kind"]),
        amount=read_amount(given["amount"], account_kind),
        amount_fault=fault_of(given["amount"], account_kind),
        purpose=given["purpose"],
        counterparty_name=given["counterparty_name"],
        happened_on=given["date"],
        account_kind=account_kind,
        goods=given["goods"],
        unit=given["unit"],
        budget_key=given["budget_line"],
        counterparty=Counterparty(given["counterparty"]),
        no_document_reason=given["no_document_reason"],
        no_public_reason=given["no_public_reason"],
        sent_key=given["key"],
    )


def limit_text(fen: int) -> str:
    """A sum in yuan."""
    return plain_yuan(max(fen, 0))


def appeal_item(actor: Actor, appeal: Appeal) -> dict[str, Any]:
    """A link to a campaign."""
    return {
        "id": appeal.public_id,
        "charity": organisation_ref(actor, appeal.organisation),
        "number": appeal.number,
        "link": appeal.link,
    }


def role_item(holder: RoleHolder) -> dict[str, Any]:
    """Somebody in office."""
    return {
        "person": holder.person.public_id,
        "name": holder.person.name,
        "role": holder.role.value,
    }


def request_items(
    session: Session, requests: Sequence[EntryRequest], numbers: dict[int, int]
) -> list[dict[str, Any]]:
    """Requests for who may look behind the book; ``numbers`` of those booked, by id."""
    copies = copies_of(session, [one.id for one in requests])
    return [
        _request_item(one, copies.get(one.id, []), numbers.get(one.id)) for one in requests
    ]


def _request_item(
    request: EntryRequest, copies: list[DocumentCopy], number: int | None
) -> dict[str, Any]:
    private = request.counterparty is Counterparty.PERSON
    return {
        "id": request.public_id,
        "state": request.state.value,
        "kind": request.kind.value,
        "account_kind": request.account.kind.value,
        "account": request.account.name,
        "unit": request.account.unit,
        "direction": "in" if request.sign > 0 else "out",
        "amount": plain_amount(request.amount, request.account.kind),
        "purpose": request.purpose,
        "counterparty": None if private else request.counterparty_name,
        "date": request.happened_on.isoformat(),
        "corrects": request.corrects_number,
        "entry": number,
        "reason": request.reason,
        "originals": len(of_kind(copies, CopyKind.ORIGINAL)),
        "documents": [
            f"/files/{one.file.public_id}/full" for one in of_kind(copies, CopyKind.PUBLIC)
        ],
        "version": request.version,
    }
