"""What administrators see of the words of the search, as plain values; the way to their pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.discovery.finding import How, find
from exchange.discovery.forms import Chip
from exchange.discovery.panels import today
from exchange.discovery.rules import Asked
from exchange.discovery.wording_forms import SameAsForm, can_be_synonym, joined
from exchange.search.port import IndexUnavailable
from exchange.search.synonyms.queries import Entry, Origin
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tallies.queries import Fruitless, fruitless
from exchange.web.acting import current_actor, house, read_session
from exchange.web.panels import PanelContent, fill_slot

PAGE = 50
SPANS = (7, 30, 180)
USUAL_SPAN = 30


@dataclass(frozen=True)
class FruitlessRow:
    """A search that found nothing, what is known of its words, and the form beside it."""

    words: str
    locale: str
    count: int
    last_day: date | None
    known: str
    form: SameAsForm | None


def install(app: Flask) -> None:
    """Put the way to the console on an operator's own page, and three entries on the console."""
    fill_slot(app, "me.links", _console_link, order=90)
    fill_slot(app, "console.entries", _console_entries, order=10)


def fruitless_rows(
    session: Session, days: int, page: int, sent: SameAsForm | None
) -> tuple[list[FruitlessRow], bool]:
    """A page of searches that found nothing, and whether there are more.

    A form that was sent and refused stands in its row; where that is no longer on the page, in a
    row of its own at the top.
    """
    since = today() - timedelta(days=days - 1)
    found = fruitless(session, since, (page - 1) * PAGE, PAGE + 1)
    rows = [_row(number, one, sent) for number, one in enumerate(found[:PAGE], 1)]
    if sent is not None and all(row.form is not sent for row in rows):
        form = sent.at_place(0)
        rows.insert(0, FruitlessRow(form.term.data or "", "", 0, None, "", form))
    return rows, len(found) > PAGE


def _row(number: int, one: Fruitless, sent: SameAsForm | None) -> FruitlessRow:
    form = None
    if sent is not None and sent.term.data == one.words and not sent.words.id.startswith("words-"):
        form = sent.at_place(number)
    elif can_be_synonym(one.words):
        form = SameAsForm(formdata=None, data={"term": one.words}).at_place(number)
    return FruitlessRow(one.words, one.locale, one.unmet, one.last_day, _known(one.words), form)


def _known(words: str) -> str:
    """What the search already takes parts of these words for."""
    known = synonyms_of(house()).find(words)
    return "；".join(f"{words[start:end]} = {joined(others)}" for start, end, others in known)


def span_chips(days: int) -> list[Chip]:
    """The spans of time, one tap each."""
    return [
        Chip(
            url_for("wording.fruitless_searches", days=span),
            _("Last %(days)s days", days=span),
            active=span == days,
        )
        for span in SPANS
    ]


def origin_chips(q: str, chosen: str) -> list[Chip]:
    """Where groups come from, one tap each."""
    labels = {
        "": _("All"),
        Origin.OWN.value: _("Our own"),
        Origin.CHANGED.value: _("Changed by us"),
        Origin.SHIPPED.value: _("Shipped"),
        "off": _("Switched off"),
    }
    return [
        Chip(list_url(q=q, show=name), label, active=name == chosen)
        for name, label in labels.items()
    ]


def list_url(**values: str) -> str:
    """The address of the list of synonyms, without what is empty."""
    kept: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("wording.synonyms", **kept)


def entry_tags(entry: Entry) -> list[tuple[str, str]]:
    """What stands beside a group: (word, kind of tag)."""
    tags = []
    if entry.origin is Origin.OWN:
        tags.append((_("Our own"), "offer"))
    elif entry.origin is Origin.CHANGED:
        tags.append((_("Changed by us"), "offer"))
    if not entry.is_on:
        tags.append((_("Switched off"), "warn"))
    return tags


def what_it_finds_now(words: str) -> str:
    """A sentence on how many listings a search finds since a synonym was added."""
    try:
        found = find(
            read_session(), house(), current_actor(), Asked(q=words[:200]), How(None, today())
        )
    except IndexUnavailable:
        return str(_("Saved."))
    if not found.full:
        return str(_("Saved. No listing has “%(words)s” or its synonyms yet.", words=words))
    return str(
        _(
            "Saved. Listings that have “%(words)s” or its synonyms now: %(count)s",
            words=words,
            count=found.full,
        )
    )


def _console_link(**_values: Any) -> PanelContent | None:
    may = current_actor().is_operator
    return PanelContent("discovery/_console_link.html") if may else None


def _console_entries(**_values: Any) -> PanelContent:
    return PanelContent("discovery/_console_entries.html")
