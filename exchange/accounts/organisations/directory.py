"""The public list of verified organisations, page by page."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation
from exchange.accounts.queries import organisation_by_public_id
from exchange.kernel.errors import Invalid


def listed_organisations(
    session: Session,
    text: str = "",
    kind: OrganisationKind | None = None,
    division: str = "",
    cursor: str | None = None,
    limit: int = 20,
) -> tuple[Sequence[Organisation], str | None]:
    """Verified organisations by age, and the cursor of the next page.

    ``text`` stands somewhere in a name, or is the external id. Private persons are not listed.
    Raises Invalid for a cursor that is none.
    """
    query = sa.select(Organisation).where(
        Organisation.verification == Verification.VERIFIED,
        Organisation.kind != OrganisationKind.INDIVIDUAL_VOLUNTEER,
    )
    if text:
        named = [
            column.icontains(text, autoescape=True)
            for column in (Organisation.name_zh, Organisation.name_en)
        ]
        query = query.where(sa.or_(*named, Organisation.external_id == text))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if division:
        query = query.where(Organisation.division_code.startswith(division, autoescape=True))
    if cursor:
        query = query.where(Organisation.id > _after(session, cursor))
    found = session.scalars(query.order_by(Organisation.id).limit(limit + 1)).all()
    more = found[limit - 1].public_id if len(found) > limit else None
    return found[:limit], more


def own_organisation(
    session: Session, organisation_ids: frozenset[int], text: str
) -> Organisation | None:
    """Of these organisations, the one with this public id or external id."""
    query = sa.select(Organisation).where(
        Organisation.id.in_(sorted(organisation_ids)),
        sa.or_(Organisation.public_id == text, Organisation.external_id == text),
    )
    return session.scalars(query.order_by(Organisation.id)).first()


def _after(session: Session, cursor: str) -> int:
    last = organisation_by_public_id(session, cursor)
    if last is None:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return last.id
