"""How others on the same ground are shown: a line for each."""

from dataclasses import dataclass

from exchange.accounts.queries import organisation_label
from exchange.listings.cards import listing_url, shown_title
from exchange.projects.cards import owner_label, project_url
from exchange.projects.labels import STAGE_LABELS
from exchange.projects.overlap_queries import Overlap
from exchange.web.acting import current_actor
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class OverlapLine:
    """One other: side (project or need), what it is called, where it is, whose it is."""

    side: str
    title: str
    url: str
    owner: str
    note: str = ""


def overlap_lines(overlap: Overlap) -> list[OverlapLine]:
    """Projects first, then undertakings, then needs that stand alone."""
    actor, locale = current_actor(), locale_code()
    lines = [
        OverlapLine(
            "project", one.title, project_url(one), owner_label(actor, one, locale),
            str(STAGE_LABELS[one.stage]),
        )
        for one in overlap.projects
    ]  # fmt: skip
    lines += [
        OverlapLine(
            "need", one.name, f"/undertakings/{one.public_id}",
            organisation_label(one.organisation, locale),
        )
        for one in overlap.undertakings
    ]  # fmt: skip
    lines += [
        OverlapLine(
            "need", shown_title(actor, one), listing_url(one),
            organisation_label(one.organisation, locale),
        )
        for one in overlap.needs
    ]  # fmt: skip
    return lines
