"""News of projects as lines among the results of a search."""

from dataclasses import dataclass

from exchange.accounts.queries import full_label, organisation_label
from exchange.discovery import panels
from exchange.discovery.things import Found, FoundPage
from exchange.kernel.actor import Actor
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.indexing import words_of
from exchange.projects.news.showing import news_url
from exchange.web.acting import current_actor
from exchange.web.dates import local_day
from exchange.web.locale import locale_code

SHOWN = 120  # characters, where none of the words stands in it


@dataclass(frozen=True)
class NewsLine:
    """One that was found. ``title`` and ``words`` may be safe markup."""

    url: str
    title: str
    words: str
    day: str
    moment: str
    owner: str


def lines_of(found: FoundPage[ProjectUpdate]) -> list[NewsLine]:
    """What was found as lines, with the words that were asked for marked; no query of its own."""
    return [_line(current_actor(), one) for one in found.found]


def _line(actor: Actor, one: Found[ProjectUpdate]) -> NewsLine:
    update = one.thing
    title, text = words_of(update)
    label = full_label if actor.belongs_to(update.organisation_id) else organisation_label
    has_match = any(piece.is_match for piece in one.snippet)
    plain = " ".join(text.split())
    short = plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"
    return NewsLine(
        url=news_url(update.project, update),
        title=panels.marked(one.title) if one.title else title,
        words=panels.marked(one.snippet) if has_match else short,
        day=local_day(update.published_at),
        moment=update.published_at.isoformat(),
        owner=label(update.organisation, locale_code()),
    )
