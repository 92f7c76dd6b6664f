"""What a piece of news may say, which figures it carries, and when silence is too long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.kinds import Publication, Stage
from exchange.projects.rules import SILENT_DAYS, is_silent

LONGEST_TEXT = 2000
MOST_PICTURES = 6
MOST_FIGURES = 5
LONGEST_LABEL = 30
LONGEST_UNIT = 12
LARGEST_MILLI = 10**15
PICTURES_KEPT = timedelta(days=1)  # of a form that came back, for whoever sent it
ASKED_AGAIN_AFTER = timedelta(days=1)  # a worker asks no oftener than so
SEPARATOR = "|"


@dataclass(frozen=True)
class Figure:
    """So much of something, in thousandths of the unit: seedlings planted, 1200 株."""

    label: str
    milli: int
    unit: str


def pack_figure(figure: Figure) -> str:
    """The figure as it is kept."""
    return SEPARATOR.join((figure.label, str(figure.milli), figure.unit))


def unpack_figure(text: str) -> Figure | None:
    """The figure of a kept text; None for what is none."""
    parts = text.split(SEPARATOR)
    if len(parts) != 3:
        return None
    label, milli, unit = parts
    if not (milli.isascii() and milli.isdigit() and len(milli) <= 16):
        return None
    figure = Figure(label, int(milli), unit)
    return figure if figure_allowed(figure) else None


def figure_allowed(figure: Figure) -> Decision:
    """Whether it says what it counts, how many, and in which unit."""
    if not 0 < len(figure.label) <= LONGEST_LABEL or SEPARATOR in figure.label + figure.unit:
        return refuse("figure_label", most=LONGEST_LABEL)
    if not 0 < figure.milli <= LARGEST_MILLI:
        return refuse("figure_number")
    if not 0 < len(figure.unit) <= LONGEST_UNIT:
        return refuse("figure_unit", most=LONGEST_UNIT)
    return allow()


def content_allowed(text: str, pictures: int, figures: Sequence[Figure]) -> Decision:
    """Whether there is something to read or to see, and not too much of it."""
    if len(text) > LONGEST_TEXT:
        return refuse("news_too_long", most=LONGEST_TEXT)
    if not text and not pictures:
        return refuse("news_empty")
    if pictures > MOST_PICTURES:
        return refuse("news_too_many_pictures", most=MOST_PICTURES)
    if len(figures) > MOST_FIGURES:
        return refuse("news_too_many_figures", most=MOST_FIGURES)
    return allow()


def may_have_news(publication: Publication) -> Decision:
    """News stand with what everybody may find: a project that is published."""
    if publication is not Publication.PUBLISHED:
        return refuse("news_project_not_published")
    return allow()


def silence_due(stage: Stage, quiet_since: date, asked_on: date | None, today: date) -> bool:
    """Whether the project's people are to be asked for news now: after 30 days without any, and
    again each time that another 30 have gone by since they were asked.
    """
    if not is_silent(stage, (today - quiet_since).days):
        return False
    return asked_on is None or (today - asked_on).days >= SILENT_DAYS
