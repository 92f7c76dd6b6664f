"""From the notebook of an act to its entries, written just before the act commits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from exchange.audit.concerning import Concern, Reference, references, resolve_all
from exchange.audit.data_keys import boxes_to_seal
from exchange.audit.models import AuditConcern, AuditEntry, AuditWaiting
from exchange.audit.noticing import Change, Kind, Notebook, table_of
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor, Role
from exchange.kernel.database import new_public_id
from exchange.kernel.events import Event
from exchange.kernel.secret_box import SecretBox, UnreadableSecret

NO_EVENT = "DataChanged"
MOST_CONCERNS = 200
Concerns = Mapping[Reference, tuple[Concern, ...]]


@dataclass
class RowChange:
    """What happened to one row within one event."""

    row: Any
    kind: Kind
    turn: int
    columns: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    leads_to: list[Reference] = field(default_factory=list)

    @property
    def table(self) -> str:
        """The table of the row."""
        return table_of(self.row).name

    @property
    def key(self) -> str:
        """The primary key, parts joined by a hyphen."""
        return "-".join(str(part) for part in sa.inspect(self.row).identity or ())


@dataclass
class Draft:
    """An entry in the making."""

    event: str
    details: dict[str, Any]
    leads_to: list[Reference]
    public_id: str = field(default_factory=new_public_id)
    changes: list[RowChange] = field(default_factory=list)


def write_trail(book: Notebook) -> None:
    """Write the entries of everything in the notebook, with whom they concern, as waiting."""
    act = book.act
    drafts = [_draft_of(act, event) for event in book.events]
    changes = _gathered(act, book.changes)
    wanted = {ref for draft in drafts for ref in draft.leads_to}
    wanted |= {ref for change in changes for ref in change.leads_to}
    known = resolve_all(act.house, act.session, wanted)
    drafts = _placed(drafts, changes, known)
    if not drafts:
        return
    owners = {
        id(change): _owner_of(act, change, known) for draft in drafts for change in draft.changes
    }
    boxes = boxes_to_seal(act, {who for who in owners.values() if who is not None})
    entries = [_entry(act, draft, owners, boxes) for draft in drafts]
    act.session.add_all(entries)
    act.session.flush()
    concerns = [
        row
        for draft, entry in zip(drafts, entries, strict=True)
        for row in _concern_rows(act.actor, draft, entry.id, known)
    ]
    if concerns:
        act.session.execute(sa.insert(AuditConcern), concerns)
    act.session.execute(sa.insert(AuditWaiting), [{"entry_id": entry.id} for entry in entries])


def _draft_of(act: Act, event: Event) -> Draft:
    details = asdict(event)
    plain = {key: plain_value(value) for key, value in details.items()}
    return Draft(type(event).__name__, plain, references(act.house, details))


def _gathered(act: Act, changes: Iterable[Change]) -> list[RowChange]:
    """Changes of one row in one turn, together; what came back to what it was is left out."""
    rows: dict[tuple[int, int], RowChange] = {}
    for change in changes:
        key = (id(change.row), change.turn)
        row = rows.setdefault(key, RowChange(change.row, change.kind, change.turn))
        if change.kind is Kind.GONE:
            row.kind = Kind.GONE
        before, _ = row.columns.get(change.column, (change.before, None))
        row.columns[change.column] = (before, change.after)
    kept = []
    for row in rows.values():
        row.columns = {name: pair for name, pair in row.columns.items() if pair[0] != pair[1]}
        if row.columns:
            row.leads_to = references(act.house, _ids_of(row))
            kept.append(row)
    return kept


def _ids_of(change: RowChange) -> dict[str, Any]:
    """The ids in a row, under the names by which events call them."""
    found = table_of(change.row)
    state = sa.inspect(change.row)
    values = {column: state.dict.get(key) for key, column in found.attributes}
    gone = {column: before for column, (before, _after) in change.columns.items()}
    identity = state.identity or (None,)
    own = {found.rules.row_is: identity[0]} if found.rules.row_is else {}
    return {**gone, **{name: value for name, value in values.items() if value is not None}, **own}


def _placed(drafts: list[Draft], changes: Iterable[RowChange], known: Concerns) -> list[Draft]:
    """Give each change to the event that it belongs to: the next one that is about the same.

    What no event of the act is about gets an entry of its own, so that nobody who may read the
    event reads of something else.
    """
    touched = [_touches(draft.leads_to, known) for draft in drafts]
    others: dict[frozenset[Reference], Draft] = {}
    for change in changes:
        mine = _touches(change.leads_to, known)
        first = min(change.turn, len(drafts) - 1)
        order = [*range(max(first, 0), len(drafts)), *range(first - 1, -1, -1)]
        if not change.leads_to and order:
            drafts[order[0]].changes.append(change)
            continue
        fitting = next((number for number in order if touched[number] & mine), None)
        if fitting is not None:
            drafts[fitting].changes.append(change)
        else:
            key = frozenset(change.leads_to)
            other = others.setdefault(key, Draft(NO_EVENT, {}, change.leads_to))
            other.changes.append(change)
    return [*drafts, *others.values()]


def _touches(refs: Iterable[Reference], known: Concerns) -> set[Reference]:
    """The references themselves, and whom they lead to."""
    refs = set(refs)
    return refs.union(*(one.touches for ref in refs for one in known.get(ref, ())))


def _owner_of(act: Act, change: RowChange, known: Concerns) -> int | None:
    """Whose key seals the personal values of a row; None when it has none or nobody is known."""
    found = table_of(change.row)
    if not any(found.rules.kept[name] for name in change.columns):
        return None
    given = {**{column: before for column, (before, _) in change.columns.items()}}
    given.update({key: value for key, value in sa.inspect(change.row).dict.items() if value})
    for name in found.rules.of.split():
        value = (sa.inspect(change.row).identity or (None,))[0] if name == "id" else given.get(name)
        if isinstance(value, int):
            return value
    for ref in change.leads_to:
        for concern in known.get(ref, ()):
            if concern.person_id is not None:
                return concern.person_id
    return act.actor.person_id


def _entry(
    act: Act, draft: Draft, owners: Mapping[int, int | None], boxes: Mapping[int, SecretBox]
) -> AuditEntry:
    written = [
        written_change(act, draft.public_id, change, owners[id(change)], boxes)
        for change in draft.changes
    ]
    return AuditEntry(
        public_id=draft.public_id,
        at=act.now,
        person_id=act.actor.person_id,
        organisation_id=act.actor.organisation_id,
        role=role_of(act.actor),
        origin=act.origin[:64],
        event=draft.event[:80],
        details=draft.details,
        changes=written,
    )


def written_change(
    act: Act,
    entry: str,
    change: RowChange,
    owner: int | None,
    boxes: Mapping[int, SecretBox],
) -> dict[str, Any]:
    """A change as the entry keeps it.

    ``{"table", "row", "kind", "plain": {column: [before, after]}, "sealed": {column: [before,
    after]}, "of": person_id, "withheld": [columns]}``; ``sealed`` holds ciphertexts, and null for
    what is empty. Withheld is what has no key: nobody is known whom it concerns, or the key is
    destroyed.
    """
    found = table_of(change.row)
    plain, sealed, withheld = {}, {}, []
    box = boxes.get(owner) if owner is not None else None
    for name, pair in sorted(change.columns.items()):
        if not found.rules.kept[name]:
            plain[name] = [plain_value(value) for value in pair]
            continue
        values = [_clear(act, change, found.rules.opened.get(name), value) for value in pair]
        if box is None:
            withheld.append(name)
            continue
        place = sealed_place(change.table, name, change.key, entry)
        sealed[name] = [
            None if value in (None, "", []) else box.seal(json.dumps(value), f"{place}.{when}")
            for when, value in zip(("before", "after"), values, strict=True)
        ]
    made: dict[str, Any] = {"table": change.table, "row": change.key, "kind": change.kind.value}
    extra = {"plain": plain, "sealed": sealed, "withheld": withheld}
    made.update({key: value for key, value in extra.items() if value})
    if sealed:
        made["of"] = owner
    return made


def sealed_place(table: str, column: str, row: str, entry: str) -> str:
    """To what a sealed value is bound: table, column, row, and the entry in which it stands."""
    return f"{table}.{column}.{row}.{entry}"


def _clear(act: Act, change: RowChange, place: str | None, value: Any) -> Any:
    """The clear value; a ciphertext of the house is opened, one that cannot be says nothing."""
    if place is None or value is None:
        return plain_value(value)
    try:
        return act.house.secrets.open(str(value), f"{place}.{change.row.public_id}")
    except UnreadableSecret:
        return None


def _concern_rows(
    actor: Actor, draft: Draft, entry_id: int, known: Concerns
) -> list[dict[str, Any]]:
    found = merged(one for ref in draft.leads_to for one in known.get(ref, ()))
    return [
        {
            "entry_id": entry_id,
            "number": number,
            "person_id": one.person_id,
            "organisation_id": one.organisation_id,
            "listing_id": one.listing_id,
            "match_id": one.match_id,
            "division_code": "" if is_own(actor, one) else one.division_code,
        }
        for number, one in enumerate(found[:MOST_CONCERNS])
    ]


def merged(concerns: Iterable[Concern]) -> list[Concern]:
    """Without repeats, and without those that another one says more fully."""
    different = list(dict.fromkeys(concerns))
    return [
        one
        for one in different
        if not any(one is not other and _says_more(other, one) for other in different)
    ]


def _says_more(other: Concern, one: Concern) -> bool:
    return one.touches < other.touches and one.division_code in ("", other.division_code)


def is_own(actor: Actor, concern: Concern) -> bool:
    """Whether somebody did something about nobody but themself: supervisors need not know."""
    only_person = {kind for kind, _ in concern.touches} == {"person"}
    return only_person and concern.person_id == actor.person_id


def role_of(actor: Actor) -> str:
    """In which role somebody acts: the most that they may do."""
    if actor.is_system:
        return "system"
    if not actor.is_signed_in:
        return "visitor"
    if actor.is_operator:
        return "operator"
    if actor.supervises:
        return "supervisor"
    if actor.is_broker:
        return "broker"
    is_manager = actor.organisation_id in actor.manages
    return Role.MANAGER.value if is_manager else Role.MEMBER.value


def plain_value(value: Any) -> Any:
    """As JSON keeps it: moments and days in ISO form, states by their value."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [plain_value(item) for item in value]
    return value
