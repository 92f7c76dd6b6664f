"""Everything that somebody did for somebody else, for the supervisors of the place.

Two kinds in one list: listings filed for people without a phone, and what proxies said in matches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Organisation
from exchange.accounts.points.routing import in_any_division
from exchange.brokering.models import CONSENT_CODE, Match, TimelineEntry
from exchange.brokering.queries import WHOLE
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.models import Filing
from exchange.listings.filing.queries import WHOLE as FILING_WHOLE
from exchange.listings.models import Listing


class CaseKind(StrEnum):
    """A listing that was filed, or a word in a match."""

    FILED = "filed"
    SPOKE = "spoke"


class CaseConsent(StrEnum):
    """How the person consented; none: a filing that still waits for it."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PHOTO = "photo"
    PHONE = "phone"
    NONE = "none"


@dataclass(frozen=True)
class Asked:
    """Which cases; None for all."""

    kind: CaseKind | None = None
    consent: CaseConsent | None = None


@dataclass(frozen=True)
class ProxyCase:
    """One of them. ``filing`` for the first kind; ``entry`` and ``match`` for the second."""

    at: datetime
    filing: Filing | None = None
    entry: TimelineEntry | None = None
    match: Match | None = None


def proxy_cases(
    session: Session, actor: Actor, asked: Asked, *, offset: int, limit: int
) -> Sequence[ProxyCase]:
    """The cases of the actor's divisions, the newest first. Three queries, whatever their number.
    """
    parts = []
    if asked.kind is not CaseKind.SPOKE:
        parts.append(_filed(actor, asked.consent))
    if asked.kind is not CaseKind.FILED and asked.consent is not CaseConsent.NONE:
        parts.append(_spoken(actor, asked.consent))
    if not parts:
        return []
    both = sa.union_all(*parts).subquery()
    rows = session.execute(
        sa.select(both.c.kind, both.c.id, both.c.at)
        .order_by(both.c.at.desc(), both.c.kind, both.c.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    filings = _filings(session, [row.id for row in rows if row.kind == CaseKind.FILED])
    entries = _entries(session, [row.id for row in rows if row.kind == CaseKind.SPOKE])
    found = []
    for row in rows:
        if row.kind == CaseKind.FILED:
            found.append(ProxyCase(filings[row.id].made_at, filing=filings[row.id]))
        else:
            entry, match = entries[row.id]
            found.append(ProxyCase(entry.at, entry=entry, match=match))
    return found


def proxy_entry(session: Session, actor: Actor, entry_id: int) -> tuple[TimelineEntry, Match]:
    """A consent on the timeline of a match whose place the actor supervises. Raises NotFound."""
    found = _entries(session, [entry_id]).get(entry_id)
    if found is None or not actor.supervises_division(found[1].need.division_code):
        raise NotFound
    return found


def _filed(actor: Actor, consent: CaseConsent | None) -> sa.Select[str, int, datetime]:
    place = sa.func.coalesce(Listing.division_code, Organisation.division_code)
    conditions: list[ColumnElement[bool]] = [in_any_division(place, actor.supervises)]
    if consent is CaseConsent.NONE:
        conditions.append(Filing.consent.is_(None))
    elif consent is not None:
        known = consent.value in tuple(FilingConsent)
        wanted = FilingConsent(consent.value) if known else None
        conditions.append(Filing.consent == wanted if wanted else sa.false())
    kind = sa.literal(CaseKind.FILED.value).label("kind")
    return (
        sa.select(kind, Filing.listing_id.label("id"), Filing.made_at.label("at"))
        .join(Filing.listing)
        .join(Listing.organisation)
        .where(*conditions)
    )


def _spoken(actor: Actor, consent: CaseConsent | None) -> sa.Select[str, int, datetime]:
    need = aliased(Listing)
    conditions: list[ColumnElement[bool]] = [
        TimelineEntry.code == sa.literal_column(f"'{CONSENT_CODE}'"),
        in_any_division(need.division_code, actor.supervises),
    ]
    if consent is not None:
        conditions.append(TimelineEntry.params["kind"].as_string() == consent.value)
    kind = sa.literal(CaseKind.SPOKE.value).label("kind")
    return (
        sa.select(kind, TimelineEntry.id.label("id"), TimelineEntry.at.label("at"))
        .join(Match, Match.id == TimelineEntry.match_id)
        .join(need, need.id == Match.need_id)
        .where(*conditions)
    )


def _filings(session: Session, ids: Sequence[int]) -> dict[int, Filing]:
    query = sa.select(Filing).where(Filing.listing_id.in_(ids))
    query = query.options(FILING_WHOLE, joinedload(Filing.made_by, innerjoin=True))
    return {row.listing_id: row for row in session.scalars(query)} if ids else {}


def _entries(session: Session, ids: Sequence[int]) -> dict[int, tuple[TimelineEntry, Match]]:
    if not ids:
        return {}
    query = sa.select(TimelineEntry).where(
        TimelineEntry.id.in_(ids), TimelineEntry.code == CONSENT_CODE
    )
    entries = session.scalars(query.options(joinedload(TimelineEntry.person))).all()
    matches = session.scalars(
        sa.select(Match).where(Match.id.in_({row.match_id for row in entries})).options(*WHOLE)
    ).unique()
    known = {match.id: match for match in matches}
    return {row.id: (row, known[row.match_id]) for row in entries}
