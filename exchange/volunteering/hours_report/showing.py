"""The report as pages, tables and programs show it, for one reader."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.queries import organisation_label
from exchange.geography.queries import paths
from exchange.geography.rules import Level, path_label
from exchange.volunteering.attendance.hours_rules import decimal_hours
from exchange.volunteering.hours_report.queries import Asked, organisations_in, report_entries
from exchange.volunteering.hours_report.rules import Sum, parted, sums_by, total_of
from exchange.volunteering.kinds import Work
from exchange.volunteering.labels import WORK_LABELS
from exchange.volunteering.showing import Reader


@dataclass(frozen=True)
class Line:
    """One row: a name, and its numbers; ``is_small``: small groups taken together.

    ``key`` is what programs read: an organisation's id, a division's code, a kind.
    """

    key: str
    name: Any
    people: int
    times: int
    minutes: int
    is_small: bool
    is_told: bool

    @property
    def hours(self) -> str:
        """The minutes as hours with decimals."""
        return decimal_hours(self.minutes)


@dataclass(frozen=True)
class Report:
    """The three cuts, the total, and how many approved hours with an open objection are not in it.
    """

    organisations: tuple[Line, ...]
    places: tuple[Line, ...]
    works: tuple[Line, ...]
    total: Line
    left_out: int

    @property
    def cuts(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """The cuts with their names in tables."""
        return (
            ("organisation", self.organisations), ("village", self.places), ("work", self.works),
        )  # fmt: skip


def make_report(session: Session, reader: Reader, asked: Asked) -> Report:
    """Sum up what the reader may read; a fixed number of queries."""
    entries, left_out = parted(report_entries(session, reader.actor, asked, reader.zone))
    owners = organisations_in(session, {one.organisation_id for one in entries})
    lines = paths(session, {one.division_code for one in entries})
    names = {
        key: organisation_label(owner, reader.locale) for key, owner in owners.items()
    }
    keys = {key: owner.public_id for key, owner in owners.items()}
    places = {
        code: path_label([(place.code, place.name) for place in way], reader.locale, Level.COUNTY)
        for code, way in lines.items()
    }
    works = {one.value: WORK_LABELS[one] for one in Work}
    return Report(
        tuple(_line(one, names, keys) for one in sums_by(entries, lambda one: one.organisation_id)),
        tuple(_line(one, places) for one in sums_by(entries, lambda one: one.division_code)),
        tuple(_line(one, works) for one in sums_by(entries, lambda one: one.work)),
        _line(total_of(entries), {}),
        left_out,
    )


def usual_days(today: date) -> tuple[date, date]:
    """What stands in the filter at first: this year until now; in January the last one, too."""
    first = date(today.year, 1, 1)
    return (first if today - first > timedelta(days=30) else date(today.year - 1, 1, 1)), today


def _line(found: Sum, names: dict[Any, Any], keys: dict[Any, str] | None = None) -> Line:
    key = "" if found.key is None else str((keys or {}).get(found.key, found.key))
    return Line(
        key=key,
        name=names.get(found.key, ""),
        people=found.people,
        times=found.times,
        minutes=found.minutes,
        is_small=found.key is None,
        is_told=found.is_told,
    )
