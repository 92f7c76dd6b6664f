"""An issue as it is read: its words, and what of its items everybody may see now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.labels import counted_words, listed_here, usual_headline
from exchange.discovery.bulletins.models import Bulletin, BulletinItem
from exchange.discovery.bulletins.queries import items_of, place_names
from exchange.discovery.bulletins.rules import within
from exchange.discovery.bulletins.sections import Kept, Line, Section, sections_of
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.listings.sharing.rules import short_code
from exchange.web.dates import day_text, moment_text, span_text

BULLETIN_LINK = "/b/"
Lines = Mapping[tuple[int, int], Line]  # by issue and number


@dataclass(frozen=True)
class ItemView:
    """An item with its place in the issue."""

    number: int
    title: str
    line: str
    url: str
    facts: tuple[str, ...]
    short: str
    is_new: bool
    is_left_out: bool


@dataclass(frozen=True)
class SectionView:
    """One list. ``figures`` are as they were counted at the moment that the issue names.

    ``total``: how many there were to be listed then. ``all_path`` leads to all of the place.
    ``has_choice``: whether its editor may look for more.
    """

    code: str
    heading: str
    nothing: str
    tone: str
    figures: tuple[str, ...]
    items: tuple[ItemView, ...]
    total: int
    all_path: str
    has_choice: bool

    def lists_all(self, most: int | None = None) -> bool:
        """Whether no fewer are listed (in a short text ``most``) than were counted."""
        return self._listed(most) >= self.total

    def said(self, most: int | None = None) -> tuple[str, ...]:
        """The figures; with how many are listed where these are fewer."""
        if self.lists_all(most):
            return self.figures
        return (*self.figures, listed_here(self._listed(most)))

    def _listed(self, most: int | None) -> int:
        listed = sum(not one.is_left_out for one in self.items)
        return listed if most is None else min(listed, most)


@dataclass(frozen=True)
class BulletinView:
    """Everything that the pages, the feeds and the texts say of an issue."""

    bulletin: Bulletin
    place: str
    headline: str
    introduction: str
    period: str
    published: str
    counted: str
    sections: tuple[SectionView, ...]
    has_news: bool
    link: str
    gone: int

    @property
    def public_id(self) -> str:
        """Its name in addresses."""
        return self.bulletin.public_id

    @property
    def place_id(self) -> str:
        """The name of its place in addresses."""
        return self.bulletin.place.public_id


def bulletin_view(
    session: Session, house: House, bulletin: Bulletin, locale: str, *, all_items: bool = False
) -> BulletinView:
    """One issue; with ``all_items`` also what its editor has left out."""
    return bulletin_views(session, house, [bulletin], locale, all_items=all_items)[0]


def bulletin_views(
    session: Session,
    house: House,
    bulletins: Sequence[Bulletin],
    locale: str,
    *,
    all_items: bool = False,
) -> list[BulletinView]:
    """Several issues in order. The number of queries does not grow with the list."""
    items = items_of(session, [one.id for one in bulletins])
    kept = {
        one.id: [item for item in items[one.id] if all_items or not item.is_left_out]
        for one in bulletins
    }
    sections = sections_of(house)
    lines = _lines(session, house, sections, kept, locale)
    places = list({one.place.id: one.place for one in bulletins}.values())
    names = place_names(session, places, locale)
    return [
        _view(house, one, names[one.bulletin_place_id], kept[one.id], sections, lines, locale)
        for one in bulletins
    ]


def short_link(house: House, bulletin: Bulletin) -> str:
    """The whole short address of an issue."""
    return house.settings.base_url.rstrip("/") + BULLETIN_LINK + short_code(bulletin.id)


def own_words(bulletin: Bulletin, name: str, locale: str) -> str:
    """The editor's words in the reader's language; the Chinese ones where there are no others."""
    chinese: str = getattr(bulletin, f"{name}_zh")
    english: str = getattr(bulletin, f"{name}_en")
    return chinese or english if locale.startswith("zh") else english or chinese


def _lines(
    session: Session,
    house: House,
    sections: Sequence[Section],
    kept: Mapping[int, Sequence[BulletinItem]],
    locale: str,
) -> Lines:
    found = {}
    every = [item for items in kept.values() for item in items]
    for section in sections:
        own = [item for item in every if item.section == section.code]
        if not own:
            continue
        asked = [Kept(item.subject_id, item.counted) for item in own]
        for item, line in zip(own, section.show(session, house, asked, locale), strict=True):
            if line is not None:
                found[item.bulletin_id, item.number] = line
    return found


def _view(
    house: House,
    bulletin: Bulletin,
    place: str,
    items: Sequence[BulletinItem],
    sections: Sequence[Section],
    lines: Lines,
    locale: str,
) -> BulletinView:
    zone = house.settings.time_zone
    today = civil_date(house.clock.now(), zone)
    out_at = bulletin.published_at if bulletin.state is State.PUBLISHED else None
    day = civil_date(out_at, zone) if out_at else None
    return BulletinView(
        bulletin=bulletin,
        place=place,
        headline=own_words(bulletin, "headline", locale) or usual_headline(place),
        introduction=own_words(bulletin, "introduction", locale),
        period=span_text(bulletin.from_on, bulletin.to_on, today, locale),
        published=day_text(day, today, locale) if day else "",
        counted=counted_words(moment_text(bulletin.counted_at, today, locale, zone)),
        sections=tuple(_section(bulletin, one, items, lines, locale) for one in sections),
        has_news=any(one.get("new") for one in bulletin.figures.values()),
        link=short_link(house, bulletin),
        gone=sum((bulletin.id, item.number) not in lines for item in items),
    )


def _section(
    bulletin: Bulletin,
    section: Section,
    items: Sequence[BulletinItem],
    lines: Lines,
    locale: str,
) -> SectionView:
    figures: Mapping[str, Any] = bulletin.figures.get(section.code, {})
    shown = [
        (item, lines[bulletin.id, item.number])
        for item in items
        if item.section == section.code and (bulletin.id, item.number) in lines
    ]
    return SectionView(
        code=section.code,
        heading=str(section.heading),
        nothing=str(section.nothing),
        tone=section.tone,
        figures=tuple(section.figure_words(figures, locale)),
        items=tuple(_item(item, line) for item, line in shown),
        total=sum(figures.get(name) or 0 for name in section.listable),
        all_path=_all_path(bulletin, section) if section.all_path else "",
        has_choice=section.choose is not None,
    )


def _all_path(bulletin: Bulletin, section: Section) -> str:
    """The list of the place; of what its parts have in common where it has several."""
    code = within(bulletin.place.prefixes)
    return f"{section.all_path}?division={code}" if code else section.all_path


def _item(item: BulletinItem, line: Line) -> ItemView:
    return ItemView(
        number=item.number,
        title=line.title,
        line=line.line,
        url=line.url,
        facts=line.facts,
        short=line.short or line.url,
        is_new=item.is_new,
        is_left_out=item.is_left_out,
    )
