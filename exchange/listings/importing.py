"""Taking over organisations and listings from files, row by row; a bad row stops no other.

Rows have the fields that ``import_organisations`` and ``import_listings`` name. The owner's own ids
are kept as external ids, so that importing the same file again updates instead of doubling.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation
from exchange.accounts.standing import (
    count_as_verified,
    identity,
    lose_verification,
    note_decision,
)
from exchange.accounts.verification.kinds import DecisionKind
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import ExchangeError, Forbidden, Invalid
from exchange.listings.kinds import Door, Side, Urgency, Visibility
from exchange.listings.models import Listing
from exchange.listings.rules import licence_allowed
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.taxonomy.terms import Terms

Row = Mapping[str, Any]
T = TypeVar("T", bound=StrEnum)
SELLING = "market.purchase"


@dataclass(frozen=True)
class RowError:
    """What was wrong with one row: its id and, by field, codes; "" stands for the whole row."""

    row_id: str
    fields: Mapping[str, list[str]]


@dataclass
class Report:
    """What an import did."""

    done: int = 0
    errors: list[RowError] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Count another report in."""
        self.done += other.done
        self.errors += other.errors


def import_organisations(act: Act, rows: Iterable[Row], *, verified: bool = False) -> Report:
    """Make or update organisations by external id; only the system does this.

    Fields: id, name_zh, name_en, type, division, profile. ``verified`` says that whoever imports
    vouches for them; without it another name, kind or place must be verified anew. Raises
    Forbidden.
    """
    _require_system(act)
    return _each(act, rows, lambda row: _take_organisation(act, row, verified=verified))


def import_listings(act: Act, rows: Iterable[Row], *, licence: str = "") -> Report:
    """Post or update listings by external id for their organisations; only the system does this.

    Fields: id, side, organisation, title, text, category, division, quantity, unit, terms, serves,
    from_date, to_date, urgency, beneficiaries; if wanted lot, whole, visibility, licence,
    public_title, public_division. ``licence`` is put on record for rows that carry none. Raises
    Forbidden.
    """
    _require_system(act)
    return _each(act, rows, lambda row: take_listing(act, row, licence=licence))


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden("only_operators")


def _each(act: Act, rows: Iterable[Row], take: Callable[[Row], object]) -> Report:
    report = Report()
    for row in rows:
        row_id = str(row.get("id", ""))
        try:
            with act.session.begin_nested():
                take(row)
        except Invalid as error:
            report.errors.append(RowError(row_id, error.fields or {"": [error.code]}))
        except ExchangeError as error:
            report.errors.append(RowError(row_id, {"": [error.code]}))
        else:
            report.done += 1
    return report


def _take_organisation(act: Act, row: Row, *, verified: bool) -> Organisation:
    external_id = _text(row, "id", 80)
    kind = _member(OrganisationKind, row, "type")
    code = _text(row, "division", 12)
    if division(act.session, code) is None:
        raise _bad("division", "unknown_place")
    found = act.session.scalars(
        sa.select(Organisation).where(Organisation.external_id == external_id)
    ).first()
    if found is None:
        found = Organisation(
            public_id=new_public_id(), external_id=external_id, created_at=act.now,
            verification=Verification.UNVERIFIED,
        )  # fmt: skip
        act.session.add(found)
    before = identity(found)
    found.kind = kind
    found.name_zh = _text(row, "name_zh", 120)
    found.name_en = _text(row, "name_en", 160, required=False)
    found.division_code = code
    found.profile = _text(row, "profile", 5000, required=False)
    found.updated_at = act.now
    if identity(found) != before and not verified:
        lose_verification(act, found)
    standing = found.verification
    act.session.flush()
    if verified and standing not in (Verification.VERIFIED, Verification.SUSPENDED):
        count_as_verified(act, found)
        until = found.verified_until
        note_decision(act, found, DecisionKind.GRANTED, standing, until=until)
    return found


def take_listing(act: Act, row: Row, *, licence: str = "") -> Listing:
    """Post or update the listing of one row. Raises Invalid with the fields of the row."""
    owner = act.session.scalars(
        sa.select(Organisation).where(Organisation.external_id == _text(row, "organisation", 80))
    ).first()
    if owner is None:
        raise _bad("organisation", "unknown_organisation")
    values = values_of_row(row, licence=licence)
    return upsert_listing(act, owner.id, _text(row, "id", 80), door_of(row), values)


def door_of(row: Row) -> Door:
    """Through which door the row comes in. Raises Invalid."""
    if row.get("side") not in ("need", "offer"):
        raise _bad("side", "unknown_choice")
    if row["side"] == "offer":
        return Door.OFFER
    return Door.SELL if row.get("category") == SELLING else Door.HELP


def values_of_row(row: Row, *, licence: str = "") -> ListingValues:
    """What a row says as values of a listing. Raises Invalid with the field that cannot be read."""
    return ListingValues(
        title=_text(row, "title", 5000, required=False),
        text=_text(row, "text", 50_000, required=False),
        category_code=_text(row, "category", 40, required=False) or None,
        division_code=_text(row, "division", 12, required=False) or None,
        public_title=_text(row, "public_title", 5000, required=False) or None,
        public_division_code=_text(row, "public_division", 12, required=False) or None,
        quantity_milli=_quantity(row, "quantity"),
        unit=_text(row, "unit", 80, required=False) or None,
        lot_milli=_quantity(row, "lot"),
        is_whole=_yes_no(row, "whole"),
        terms=_member(Terms, row, "terms", Terms.FREE),
        from_date=_date(row, "from_date"),
        to_date=_date(row, "to_date"),
        urgency=_member(Urgency, row, "urgency", Urgency.NORMAL),
        beneficiaries=_texts(row, "beneficiaries"),
        visibility=None if not row.get("visibility") else _member(Visibility, row, "visibility"),
        coverage=_texts(row, "serves"),
        licence=_text(row, "licence", 5000, required=False) or _needed(row, licence),
    )


def _needed(row: Row, licence: str) -> str | None:
    """The licence given for the whole import, for the rows that must carry one."""
    side = Side.OFFER if row.get("side") == Side.OFFER else Side.NEED
    wanted = not licence_allowed(side, row.get("category"), None)
    return licence or None if wanted else None


def _bad(name: str, code: str) -> Invalid:
    return Invalid("listing_invalid", fields={name: [code]})


def _text(row: Row, name: str, longest: int, *, required: bool = True) -> str:
    value = row.get(name)
    if value is None or value == "":
        if required:
            raise _bad(name, "required")
        return ""
    if not isinstance(value, str):
        raise _bad(name, "not_a_text")
    if len(value) > longest:
        raise _bad(name, "too_long")
    return value


def _texts(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _bad(name, "not_a_list")
    return tuple(value)


def _member(kind: type[T], row: Row, name: str, default: T | None = None) -> T:
    value = row.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        return kind(str(value))
    except ValueError as error:
        raise _bad(name, "unknown_choice") from error


def _date(row: Row, name: str) -> date | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _bad(name, "not_a_date") from error


def _yes_no(row: Row, name: str) -> bool:
    value = row.get(name)
    if value in (None, ""):
        return False
    if value not in (True, False, "true", "false"):
        raise _bad(name, "unknown_choice")
    return value in (True, "true")


def _quantity(row: Row, name: str) -> int | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _bad(name, "quantity_unreadable")
    try:
        return int((Decimal(str(value)) * 1000).to_integral_value())
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise _bad(name, "quantity_unreadable") from error
