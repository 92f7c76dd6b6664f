"""Activities, trainings, news, visits and bulletins as lines of the page of all results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from exchange.discovery import panels
from exchange.discovery.bulletins.indexing import KIND as BULLETIN
from exchange.discovery.bulletins.showing import bulletin_views
from exchange.discovery.others import Other, find_others, has_each, is_called, may_have_others, says
from exchange.discovery.rules import Asked
from exchange.projects.news.indexing import KIND as NEWS
from exchange.projects.news.indexing import words_of
from exchange.projects.news.showing import news_url
from exchange.projects.visits.indexing import KIND as VISIT
from exchange.projects.visits.showing import visit_lines
from exchange.volunteering.indexing import KIND as ACTIVITY
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import activity_cards
from exchange.volunteering.training.indexing import KIND as TRAINING
from exchange.volunteering.training.showing import training_cards
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.locale import locale_code

MOST, SHOWN = 4, 60
HAVE_SECTIONS = (ACTIVITY, TRAINING)
LABELS: dict[str, Any] = {
    ACTIVITY: _l("Volunteer activity"),
    TRAINING: _l("Training of volunteers"),
    NEWS: _l("News of a project"),
    VISIT: _l("Roadshow or visit"),
    BULLETIN: _l("Bulletin"),
}


@dataclass(frozen=True)
class OtherLine:
    """One that has all of the words.

    ``named``: its title has them, or it says them as they were typed; ``called``: they are its
    title.
    """

    kind: str
    url: str
    title: str
    facts: tuple[str, ...]
    named: bool
    called: bool

    @property
    def label(self) -> str:
        """What it is."""
        return str(LABELS[self.kind])


@dataclass(frozen=True)
class OtherLines:
    """What of other kinds stands on the page of all results."""

    lines: tuple[OtherLine, ...] = ()

    @property
    def named(self) -> bool:
        """Whether something is there for just these words, so that none other were meant."""
        return any(one.named for one in self.lines)

    @property
    def called(self) -> bool:
        """Whether something is called so."""
        return any(one.called for one in self.lines)

    def above(self, full: int) -> tuple[OtherLine, ...]:
        """What stands before the listings, of which ``full`` have all of the words."""
        found = [one for one in self.lines if one.called or (one.named and not full)]
        return tuple(sorted(found, key=lambda one: not one.called)[:MOST])

    def below(self, full: int) -> tuple[OtherLine, ...]:
        """What follows them; activities and trainings have sections of their own there."""
        above = self.above(full)
        found = [one for one in self.lines if one not in above and one.kind not in HAVE_SECTIONS]
        return tuple(found[:MOST])


def other_lines(asked: Asked) -> OtherLines:
    """What of other kinds has all words of a question, as they were typed."""
    if not may_have_others(asked):
        return OtherLines()
    session, actor = read_session(), current_actor()
    found = find_others(session, house(), actor, asked, panels.today())
    lines: dict[tuple[str, int], OtherLine] = {}
    for kind, show in SHOWN_BY.items():
        things = [one.thing for one in found if one.kind == kind]
        if things:
            shown = zip(things, show(asked.q, things), strict=True)
            lines |= {(kind, thing.id): line for thing, line in shown}
    return OtherLines(tuple(lines[_key(one)] for one in found))


def _key(one: Other) -> tuple[str, int]:
    return one.kind, one.thing.id


def _line(kind: str, words: str, url: str, title: str, facts: Sequence[str]) -> OtherLine:
    named, called = has_each(words, title), is_called(words, title)
    return OtherLine(kind, url, title, tuple(one for one in facts if one), named, called)


def _activities(words: str, things: Sequence[Any]) -> list[OtherLine]:
    cards = activity_cards(read_session(), reader(), things)
    return [
        _line(ACTIVITY, words, one.url, str(one.title), (one.place_label, one.owner_label))
        for one in cards
    ]


def _trainings(words: str, things: Sequence[Any]) -> list[OtherLine]:
    cards = training_cards(read_session(), reader(), things)
    return [
        _line(TRAINING, words, one.url, str(one.title), (one.place_label, one.owner_label))
        for one in cards
    ]


def _news(words: str, things: Sequence[Any]) -> list[OtherLine]:
    """By its first words: its title is that of its project, which is found itself."""
    lines = []
    for one in things:
        project, text = words_of(one)
        plain = " ".join(text.split())
        title = plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"
        facts = (project, local_day(one.published_at))
        url = news_url(one.project, one)
        lines.append(OtherLine(NEWS, url, title, facts, says(words, text), is_called(words, plain)))
    return lines


def _visits(words: str, things: Sequence[Any]) -> list[OtherLine]:
    lines = visit_lines(read_session(), house(), current_actor(), things, locale_code())
    return [
        _line(
            VISIT, words, url_for("visits.show", public_id=one.view.public_id), one.view.title,
            (one.view.kind, one.view.when, one.area),
        )
        for one in lines
    ]  # fmt: skip


def _bulletins(words: str, things: Sequence[Any]) -> list[OtherLine]:
    views = bulletin_views(read_session(), house(), things, locale_code())
    return [
        _line(
            BULLETIN, words, url_for("bulletins.show", public_id=one.public_id), one.headline,
            (one.place, one.period),
        )
        for one in views
    ]  # fmt: skip


SHOWN_BY: dict[str, Callable[[str, Sequence[Any]], list[OtherLine]]] = {
    ACTIVITY: _activities,
    TRAINING: _trainings,
    NEWS: _news,
    VISIT: _visits,
    BULLETIN: _bulletins,
}
