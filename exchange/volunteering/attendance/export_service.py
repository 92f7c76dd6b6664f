"""Approved hours for the national system: a table that a manager takes, and that is recorded."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.attendance.certificate_queries import numbers_of
from exchange.volunteering.attendance.certificate_rules import period_allowed
from exchange.volunteering.attendance.events import HoursExported
from exchange.volunteering.attendance.hours_rules import decimal_hours
from exchange.volunteering.attendance.permissions import may_answer_for
from exchange.volunteering.attendance.queries import approved_hours

MARK = "\ufeff"  # without it spreadsheets take Chinese for something else
COMMANDS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ExportRow:
    """One volunteer in one shift, as the national system asks for it."""

    number: str
    name: str
    activity: str
    day: date
    begins: str
    ends: str
    minutes: int


@dataclass(frozen=True)
class Export:
    """What is taken. ``left_out`` counts approved hours that their volunteers object to."""

    rows: list[ExportRow]
    left_out: int


def export_hours(act: Act, organisation_id: int, first: date, last: date) -> Export:
    """The approved hours of an organisation's shifts in a period; that it was taken is recorded.

    Hours with an open objection are left out until it is settled. Whoever has not given a number
    stands there without one. Raises Forbidden or Invalid.
    """
    if not may_answer_for(act.actor, organisation_id):
        raise Forbidden("hours_managers_only")
    decision = period_allowed(first, last, act.today)
    if not decision:
        raise Invalid("invalid", fields={"to_day": [decision.code]}, **decision.params)
    zone_name = act.house.settings.time_zone
    found, left = (
        approved_hours(
            act.session, zone_name, organisation_id=organisation_id, first=first, last=last,
            disputed=disputed,
        )
        for disputed in (False, True)
    )  # fmt: skip
    numbers = numbers_of(act.session, act.house.secrets, {one.person_id for one in found})
    zone = ZoneInfo(zone_name)
    rows = []
    for one in found:
        begins = one.shift.starts_at.astimezone(zone)
        ends = one.shift.ends_at.astimezone(zone)
        rows.append(
            ExportRow(
                numbers.get(one.person_id, ""),
                one.person.name,
                one.shift.activity.title,
                begins.date(),
                f"{begins:%H:%M}",
                f"{ends:%H:%M}",
                one.minutes,
            )
        )
    act.emit(HoursExported(organisation_id, first.isoformat(), last.isoformat(), len(rows)))
    return Export(rows, len(left))


def table_of(head: Sequence[str], rows: Sequence[ExportRow], left_out: str = "") -> str:
    """The rows as CSV that spreadsheets open as it is; ``left_out`` says what is not in them.

    Numbers keep all their digits: a tab stands before them, so that no spreadsheet rounds them.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow(
            [
                f"\t{row.number}" if row.number else "",
                _harmless(row.name),
                _harmless(row.activity),
                row.day.isoformat(),
                row.begins,
                row.ends,
                decimal_hours(row.minutes),
                row.minutes,
            ]
        )
    if left_out:
        writer.writerow([left_out])
    return MARK + out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(COMMANDS) else text
