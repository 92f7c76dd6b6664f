"""Entries of the audit as people read them, as plain values; the ways to their pages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.admin.audit_change_labels import act_label, is_done_openly
from exchange.admin.audit_labels import (
    KIND_WORDS,
    column_label,
    event_label,
    origin_label,
    role_label,
    table_label,
    value_label,
)
from exchange.admin.audit_queries import (
    Named,
    Wanted,
    concerns_of,
    may_audit,
    names_for,
)
from exchange.admin.audit_service import DELETED, Opened
from exchange.audit.models import AuditConcern, AuditEntry
from exchange.kernel.actor import Actor
from exchange.web.acting import current_actor
from exchange.web.dates import day_here, local_moment
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot

PEOPLE = {"author_id", "contact_id", "broker_id", "stand_in_id", "shown_to_id"}
OF_PEOPLE = ("_by_id", "person_id")  # how other columns end that hold the id of somebody
LISTINGS = {"listing_id", "need_id", "offer_id", "kept_id", "merged_id", "first_id", "second_id"}
ORGANISATIONS = {"organisation_id", "agency_id"}
LONGEST = 300
# What may happen by itself when somebody reports a listing; and who does it as part of their work.
SET_OFF = frozenset({"ListingHeld", "DataChanged"})
OF_STATIONS = frozenset({"broker", "supervisor", "operator"})


@dataclass(frozen=True)
class Line:
    """One entry in a list."""

    public_id: str
    moment: str
    when: str
    what: str
    who: str
    role: str
    origin: str
    about: list[tuple[str, str]] = field(default_factory=list)
    changed: str = ""


@dataclass(frozen=True)
class ChangedRow:
    """A row that an act changed: what it is, and (column, before, after) of each column."""

    what: str
    columns: list[tuple[str, str, str]]


def install(app: Flask) -> None:
    """Put the ways to the audit on the console, on a supervisor's own page, and on everybody's."""
    fill_slot(app, "console.entries", _console_entry, order=30)
    fill_slot(app, "me.links", _link, order=80)
    fill_slot(app, "me.links", _own_link, order=85)


def _console_entry(**_values: Any) -> PanelContent:
    return PanelContent("admin/_audit_console_entry.html")


def _link(**_values: Any) -> PanelContent | None:
    return PanelContent("admin/_audit_link.html") if may_audit(current_actor()) else None


def _own_link(**_values: Any) -> PanelContent:
    return PanelContent("admin/_audit_own_link.html")


def lines_for(session: Session, actor: Actor, entries: Sequence[AuditEntry]) -> list[Line]:
    """Entries as a supervisor or an operator reads them; the same few queries for any number."""
    concerns = concerns_of(session, entries)
    wanted = Wanted()
    wanted.add_entries(entries, concerns)
    named = names_for(session, actor, wanted, locale_code())
    return [_line(entry, concerns[entry.id], named) for entry in entries]


def _line(entry: AuditEntry, concerns: Collection[AuditConcern], named: Named) -> Line:
    return Line(
        public_id=entry.public_id,
        moment=entry.at.isoformat(),
        when=local_moment(entry.at),
        what=act_label(entry),
        who=_who(entry, named),
        role=role_label(entry.role),
        origin=origin_label(entry.origin),
        about=_about(concerns, named),
        changed=_changed(entry),
    )


def _who(entry: AuditEntry, named: Named) -> str:
    parts = []
    if entry.person_id is not None:
        parts.append(named.persons.get(entry.person_id, _("Somebody")))
    if entry.organisation_id in named.organisations:
        parts.append(named.organisations[entry.organisation_id][0])
    return " · ".join(dict.fromkeys(parts))


def _about(concerns: Collection[AuditConcern], named: Named) -> list[tuple[str, str]]:
    """(words, address) of whom and what an entry concerns; no address where none may be opened."""
    found: dict[tuple[str, str], None] = {}
    for row in concerns:
        if row.match_id in named.matches:
            public_id = named.matches[row.match_id]
            found[_("Match"), url_for("brokering.show", public_id=public_id)] = None
        if row.listing_id is not None:
            title, public_id = named.listings.get(row.listing_id, (_("A listing"), ""))
            link = url_for("listings.show", public_id=public_id) if public_id else ""
            found[title, link] = None
        if row.organisation_id in named.organisations:
            label, public_id = named.organisations[row.organisation_id]
            link = url_for("accounts.organisation", public_id=public_id) if public_id else ""
            found[label, link] = None
        elif row.person_id is not None and row.listing_id is None:
            found[named.persons.get(row.person_id, _("Somebody")), ""] = None
    return list(found)


def _changed(entry: AuditEntry) -> str:
    """The names of what changed, each once."""
    columns = [
        column_label(column)
        for change in entry.changes
        if change["kind"] == "changed"
        for column in [*change.get("plain", ()), *change.get("sealed", ())]
    ]
    return _joined(dict.fromkeys(columns))


def _joined(words: Iterable[Any]) -> str:
    return str(_(", ")).join(str(word) for word in words)


def rows_for(
    session: Session, actor: Actor, entry: AuditEntry, opened: Opened | None
) -> list[ChangedRow]:
    """What an entry changed, before and after; personal values only when they were opened."""
    wanted = Wanted()
    for change in entry.changes:
        for column, pair in change.get("plain", {}).items():
            ids = {value for value in pair if isinstance(value, int)}
            _kind_of_ids(column, wanted).update(ids)
    named = names_for(session, actor, wanted, locale_code())
    return [
        ChangedRow(
            f"{table_label(change['table'])} · {KIND_WORDS.get(change['kind'], '')}",
            _columns(number, change, named, opened or {}),
        )
        for number, change in enumerate(entry.changes)
    ]


def _kind_of_ids(column: str, wanted: Wanted) -> set[int]:
    if column in PEOPLE or column.endswith(OF_PEOPLE):
        return wanted.persons
    if column in LISTINGS:
        return wanted.listings
    if column in ORGANISATIONS:
        return wanted.organisations
    return wanted.matches if column == "match_id" else set()


def _columns(
    number: int, change: Mapping[str, Any], named: Named, opened: Opened
) -> list[tuple[str, str, str]]:
    table = change["table"]
    found = [
        (column_label(name), _word(table, name, pair[0], named), _word(table, name, pair[1], named))
        for name, pair in change.get("plain", {}).items()
    ]
    for name, sealed in change.get("sealed", {}).items():
        pair = opened.get((number, name))
        if pair is None:
            words = ["" if one is None else _("hidden") for one in sealed]
        else:
            words = [_personal_word(one) for one in pair]
        found.append((column_label(name), words[0], words[1]))
    withheld = _("not kept")
    found += [(column_label(name), withheld, withheld) for name in change.get("withheld", ())]
    return found


def _personal_word(value: Any) -> str:
    if value is DELETED:
        return str(_("deleted"))
    if isinstance(value, list):
        return _joined(value)
    return "" if value is None else str(value)[:LONGEST]


def _word(table: str, column: str, value: Any, named: Named) -> str:
    """A plain value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int):
        return _number(column, value, named)
    if isinstance(value, str):
        label = value_label(table, column, value)
        return label if label is not None else _moment(column, value)[:LONGEST]
    if isinstance(value, list):
        return _joined(value)[:LONGEST]
    return str(value)[:LONGEST]


def _number(column: str, value: int, named: Named) -> str:
    if column.endswith("_milli"):
        return f"{value / 1000:.3f}".rstrip("0").rstrip(".")
    if column in PEOPLE or column.endswith(OF_PEOPLE):
        return named.persons.get(value, f"#{value}")
    if column in LISTINGS:
        return str(named.listings.get(value, (_("A listing"), ""))[0])
    if column in ORGANISATIONS:
        return named.organisations.get(value, (f"#{value}", ""))[0]
    if column == "match_id":
        return named.matches.get(value, f"#{value}")
    return str(value)


def _moment(column: str, text: str) -> str:
    """Moments and days as people write them."""
    try:
        if column.endswith("_at"):
            return local_moment(datetime.fromisoformat(text))
        if column.endswith(("_on", "_date")):
            return day_here(date.fromisoformat(text))
    except ValueError:
        return text
    return text


def own_lines(session: Session, actor: Actor, entries: Sequence[AuditEntry]) -> list[Line]:
    """Entries about somebody's own data as they read them themself.

    Who: "you", the organisation for which somebody acted, or the exchange; nobody's name.
    """
    concerns = concerns_of(session, entries)
    wanted = Wanted()
    wanted.add_entries(entries, concerns)
    wanted.persons.clear()
    named = names_for(session, actor, wanted, locale_code())
    return [
        Line(
            public_id=entry.public_id,
            moment=entry.at.isoformat(),
            when=local_moment(entry.at),
            what=_own_what(entry, actor),
            who=_own_who(entry, actor, named),
            role="" if _needs_no_role(entry, actor) else role_label(entry.role),
            origin="",
            about=_about([row for row in concerns[entry.id] if _is_mine(row, actor)], named),
            changed=_changed(entry),
        )
        for entry in entries
    ]


def _own_what(entry: AuditEntry, actor: Actor) -> str:
    """What was done; not of what rows, where that could tell of a report."""
    if entry.person_id != actor.person_id and _is_of_reporter(entry):
        return event_label(entry.event)
    return act_label(entry, to_oneself=True)


def _own_who(entry: AuditEntry, actor: Actor, named: Named) -> str:
    if entry.person_id is None:
        return role_label(entry.role or "system")
    if entry.person_id == actor.person_id:
        return str(_("You"))
    if _is_of_reporter(entry):
        return str(_("Somebody"))
    return str(named.organisations.get(entry.organisation_id or 0, (_("Somebody"), ""))[0])


def _is_of_reporter(entry: AuditEntry) -> bool:
    """Whether a report may have set it off: a listing is hidden by itself in the act of whoever
    reports it last, and the owner is not told who that was.
    """
    if is_done_openly(entry):
        return False
    return entry.event in SET_OFF and entry.role not in OF_STATIONS


def _needs_no_role(entry: AuditEntry, actor: Actor) -> bool:
    return entry.person_id in (None, actor.person_id) or _is_of_reporter(entry)


def _is_mine(row: AuditConcern, actor: Actor) -> bool:
    about_something = row.listing_id is not None or row.organisation_id is not None
    return row.person_id == actor.person_id and about_something
