"""The timeline of a match, as lines for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.board.labels import POSTPONE_REASONS
from exchange.brokering.deeds.panels import side_words
from exchange.brokering.kinds import PostponeReason, ProxyConsent
from exchange.brokering.labels import CONSENTS, step_words
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.queries import timeline_of
from exchange.brokering.talk.discretion import brokers_it, person_label
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import day_here, local_moment

ALONE = ("introduced", "completed", "lapsed", "changed", "delivery_unconfirmed")


@dataclass(frozen=True)
class EntryView:
    """A line of the timeline."""

    when: str
    moment: str
    text: str
    note: str
    tags: tuple[str, ...]


def timeline_views(
    session: Session, match: Match, actor: Actor, locale: str, *, internal: bool
) -> tuple[EntryView, ...]:
    """Everything that happened, newest first; one query for those who were stood in for."""
    entries = timeline_of(session, match.id, internal=internal)
    absent = {one.params["acting_for_id"] for one in entries if "acting_for_id" in one.params}
    query = sa.select(Person.id, Person.name).where(Person.id.in_(absent))
    names = dict(session.execute(query).all()) if absent else {}
    return tuple(_entry_view(entry, match, actor, locale, names) for entry in entries)


def _entry_view(
    entry: TimelineEntry, match: Match, actor: Actor, locale: str, names: Mapping[int, str]
) -> EntryView:
    """What happened, who did it, and the amounts of it. Steps of former times hold a name."""
    who = "" if entry.code in ALONE else person_label(actor, match, entry)
    tags = [_("by proxy")] if entry.params.get("by_proxy") else []
    absent = names.get(entry.params.get("acting_for_id", 0)) or entry.params.get("acting_for")
    if absent and brokers_it(actor, match):
        tags.append(_("for %(name)s", name=absent))
    if entry.params.get("by_link"):
        tags.append(_("by the link in the message"))
    tags += _tags(entry, match, locale)
    return EntryView(
        when=local_moment(entry.at),
        moment=entry.at.isoformat(),
        text=f"{who} {step_words(match, entry, brokers=brokers_it(actor, match))}".strip(),
        note=entry.note,
        tags=tuple(str(tag) for tag in tags if tag),
    )


def _tags(entry: TimelineEntry, match: Match, locale: str) -> list[str]:
    given, asked = match.offer.unit or "", match.need.unit or ""
    values = entry.params
    if entry.code == "proxy_consent":
        return [side_words(Side(values["side"])), str(CONSENTS[ProxyConsent(values["kind"])])]
    if entry.code == "committed":
        taken = format_quantity(values["taken"], given, locale)
        covers = format_quantity(values["covers"], asked, locale)
        both = [f"{_('Gives')} {taken}", f"{_('Covers')} {covers}"]
        return [taken] if taken == covers else both
    if entry.code in ("change_proposed", "changed"):
        return _change_tags(entry, given, asked, locale)
    if entry.code == "postponed":
        return [_day(values["until"]), str(POSTPONE_REASONS[PostponeReason(values["reason"])])]
    if entry.code == "settled_delivery":
        return [_arrow(*(_amount(values[key], given, locale) for key in ("former", "amount")))]
    if entry.code == "delivery_pictured":
        photos = ngettext("%(num)s photo", "%(num)s photos", values["count"])
        return [_amount(values["amount"], given, locale), str(photos)]
    if "amount" in values:
        return [format_quantity(values["amount"], given, locale)]
    return []


def _change_tags(entry: TimelineEntry, given: str, asked: str, locale: str) -> list[str]:
    """Former and new value of what differs."""
    values = entry.params
    if values["drops_rest"]:
        return [str(_("the rest is let go"))]
    rows = [
        (_amount(values[f"former_{key}"], unit, locale), _amount(values[key], unit, locale))
        for key, unit in (("taken", given), ("covers", asked))
    ]
    rows.append((_day(values["former_day"]), _day(values["day"])))
    return [_arrow(former, new) for former, new in rows if former != new]


def _amount(milli: int, unit: str, locale: str) -> str:
    return format_quantity(milli, unit, locale)


def _day(text: str | None) -> str:
    return day_here(date.fromisoformat(text)) if text else str(_("no day"))


def _arrow(former: str, new: str) -> str:
    return f"{former} → {new}"
