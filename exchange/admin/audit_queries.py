"""Reading the trail: who may read what, in pages, and the names of what ids stand for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Assignment, Membership, Organisation, Person
from exchange.accounts.queries import full_label, organisation_label
from exchange.accounts.rules import mask_name
from exchange.audit.models import AuditConcern, AuditEntry
from exchange.brokering.models import Match
from exchange.brokering.permissions import visible_to as match_visible_to
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.cards import shown_title
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to

PAGE = 40


@dataclass(frozen=True)
class About:
    """What entries are asked for: one of these, or nothing."""

    person_id: int | None = None
    organisation_id: int | None = None
    listing_id: int | None = None
    match_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """The filters. ``since`` is included, ``until`` is not."""

    about: About | None = None
    event: str = ""
    since: datetime | None = None
    until: datetime | None = None


def may_audit(actor: Actor) -> bool:
    """Whether somebody reads the audit at all: supervisors and operators."""
    return bool(actor.supervises) or actor.is_operator


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL on AuditEntry: what a supervisor's divisions concern; everything for an operator."""
    if actor.is_operator or WHOLE_COUNTRY in actor.supervises:
        return sa.true()
    code = AuditConcern.division_code
    inside = [code.startswith(prefix, autoescape=True) for prefix in actor.supervises]
    concerns = sa.select(AuditConcern.entry_id).where(
        AuditConcern.entry_id == AuditEntry.id, sa.or_(sa.false(), *inside)
    )
    return concerns.exists()


def entries_for(
    session: Session, actor: Actor, asked: Asked, cursor: str, most: int
) -> Sequence[AuditEntry]:
    """Entries that the actor may read, the newest first, older than the cursor's."""
    query = sa.select(AuditEntry).where(in_scope(actor), *_conditions(asked))
    return _page(session, query, cursor, most)


def own_entries(
    session: Session, person_id: int, cursor: str, most: int
) -> Sequence[AuditEntry]:
    """Entries that concern a person, and what they did themself in matches."""
    mine = sa.select(AuditConcern.entry_id).where(AuditConcern.person_id == person_id)
    of_match = sa.exists().where(
        AuditConcern.entry_id == AuditEntry.id, AuditConcern.match_id.is_not(None)
    )
    acted = sa.and_(AuditEntry.person_id == person_id, of_match)
    query = sa.select(AuditEntry).where(sa.or_(AuditEntry.id.in_(mine), acted))
    return _page(session, query, cursor, most)


def _page(
    session: Session, query: sa.Select[AuditEntry], cursor: str, most: int
) -> Sequence[AuditEntry]:
    if cursor:
        last = session.scalar(sa.select(AuditEntry.id).where(AuditEntry.public_id == cursor))
        if last is None:
            raise Invalid("audit_cursor", fields={"cursor": ["audit_cursor"]})
        query = query.where(AuditEntry.id < last)
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(most)).all()


def entry_for(session: Session, actor: Actor, public_id: str) -> AuditEntry:
    """One entry. Raises NotFound where the actor may not know of it."""
    query = sa.select(AuditEntry).where(AuditEntry.public_id == public_id, in_scope(actor))
    found = session.scalars(query).first() if may_audit(actor) else None
    if found is None:
        raise NotFound
    return found


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.event:
        conditions.append(AuditEntry.event == asked.event)
    if asked.since is not None:
        conditions.append(AuditEntry.at >= asked.since)
    if asked.until is not None:
        conditions.append(AuditEntry.at < asked.until)
    if asked.about is not None:
        conditions.append(_is_about(asked.about))
    return conditions


def _is_about(about: About) -> ColumnElement[bool]:
    named = {
        AuditConcern.person_id: about.person_id,
        AuditConcern.organisation_id: about.organisation_id,
        AuditConcern.listing_id: about.listing_id,
        AuditConcern.match_id: about.match_id,
    }
    ways: list[ColumnElement[bool]] = [
        AuditEntry.id.in_(sa.select(AuditConcern.entry_id).where(column == key))
        for column, key in named.items()
        if key is not None
    ]
    if about.person_id is not None:
        ways.append(AuditEntry.person_id == about.person_id)
    return sa.or_(sa.false(), *ways)


def find_about(session: Session, text: str) -> About:
    """What somebody means by an id, or by the address of a page, of a listing, match or owner.

    The organisation of a person's own stands for the person, too. Raises Invalid when nothing has
    it. Phone numbers are not read here: addresses of pages are written into logs.
    """
    words = [part for part in text.strip().split("?")[0].split("/") if part]
    wanted = [word for word in words if len(word) <= 20 and word.isalnum()][-2:]

    def key(model: type[Listing | Match | Organisation | Person]) -> int | None:
        return session.scalar(sa.select(model.id).where(model.public_id.in_(wanted)).limit(1))

    organisation_id = key(Organisation)
    own = sa.select(Membership.person_id).join(Membership.organisation).where(
        Organisation.id == organisation_id,
        Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
    )  # fmt: skip
    return _found(
        About(
            person_id=key(Person) if organisation_id is None else session.scalar(own.limit(1)),
            organisation_id=organisation_id,
            listing_id=key(Listing),
            match_id=key(Match),
        )
    )


def _found(about: About) -> About:
    if about == About():
        raise Invalid("audit_about_unknown", fields={"about": ["audit_about_unknown"]})
    return about


@dataclass(frozen=True)
class Named:
    """The names of ids, as far as the reader may know them, and where they lead."""

    persons: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, tuple[str, str]] = field(default_factory=dict)
    listings: dict[int, tuple[str, str]] = field(default_factory=dict)
    matches: dict[int, str] = field(default_factory=dict)


def concerns_of(
    session: Session, entries: Collection[AuditEntry]
) -> dict[int, list[AuditConcern]]:
    """Whom each of the entries concerns."""
    found: dict[int, list[AuditConcern]] = {entry.id: [] for entry in entries}
    query = sa.select(AuditConcern).where(AuditConcern.entry_id.in_(sorted(found)))
    for row in session.scalars(query.order_by(AuditConcern.entry_id, AuditConcern.number)):
        found[row.entry_id].append(row)
    return found


@dataclass
class Wanted:
    """Ids whose names are wanted."""

    persons: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    listings: set[int] = field(default_factory=set)
    matches: set[int] = field(default_factory=set)

    def add_entries(
        self, entries: Collection[AuditEntry], concerns: dict[int, list[AuditConcern]]
    ) -> None:
        """What stands at the head of entries."""
        for entry in entries:
            _add(self.persons, entry.person_id)
            _add(self.organisations, entry.organisation_id)
            for row in concerns[entry.id]:
                _add(self.persons, row.person_id)
                _add(self.organisations, row.organisation_id)
                _add(self.listings, row.listing_id)
                _add(self.matches, row.match_id)


def _add(ids: set[int], key: int | None) -> None:
    if key is not None:
        ids.add(key)


def names_for(session: Session, actor: Actor, wanted: Wanted, locale: str) -> Named:
    """Four queries, however many ids. What the reader may not see has no name."""
    return Named(
        _person_names(session, actor, wanted.persons),
        _organisation_names(session, actor, wanted.organisations, locale),
        _listing_names(session, actor, wanted.listings),
        _match_ids(session, actor, wanted.matches),
    )


def _person_names(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """Full names of workers, of oneself, and of whom the reader supervises; others masked."""
    is_worker = sa.select(Assignment.id).where(Assignment.person_id == Person.id).exists()
    query = (
        sa.select(Person.id, Person.name, is_worker, sa.func.max(Organisation.division_code))
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(
            Organisation,
            sa.and_(
                Organisation.id == Membership.organisation_id,
                Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
            ),
        )
        .where(Person.id.in_(sorted(ids)))
        .group_by(Person.id, Person.name)
    )
    found = {}
    for key, name, works, code in session.execute(query):
        is_known = works or key == actor.person_id or actor.supervises_division(code)
        found[key] = name if is_known else mask_name(name)
    return found


def _organisation_names(
    session: Session, actor: Actor, ids: Collection[int], locale: str
) -> dict[int, tuple[str, str]]:
    query = sa.select(Organisation).where(Organisation.id.in_(sorted(ids)))
    found = {}
    for row in session.scalars(query):
        is_known = actor.supervises_division(row.division_code) or actor.belongs_to(row.id)
        is_private = row.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER and not is_known
        label = (full_label if is_known else organisation_label)(row, locale)
        found[row.id] = (label, "" if is_private else row.public_id)
    return found


def _listing_names(
    session: Session, actor: Actor, ids: Collection[int]
) -> dict[int, tuple[str, str]]:
    query = (
        sa.select(Listing)
        .where(Listing.id.in_(sorted(ids)), visible_to(actor))
        .options(selectinload(Listing.coverage), selectinload(Listing.organisation))
    )
    return {row.id: (shown_title(actor, row), row.public_id) for row in session.scalars(query)}


def _match_ids(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    query = sa.select(Match.id, Match.public_id).where(
        Match.id.in_(sorted(ids)), match_visible_to(actor)
    )
    return {key: public_id for key, public_id in session.execute(query)}  # noqa: C416 - rows, no pairs
