"""Approved volunteer hours summed up: a page, a table to download, a sheet of paper."""

import csv
import io
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import Organisation
from exchange.accounts.place_forms import place_label
from exchange.accounts.queries import organisation_by_public_id, organisation_label
from exchange.kernel.errors import Forbidden
from exchange.volunteering.attendance.export_service import COMMANDS, MARK
from exchange.volunteering.attendance.labels import duration_text, left_out_text
from exchange.volunteering.hours_report.queries import Asked, may_read_report
from exchange.volunteering.hours_report.rules import FEWEST
from exchange.volunteering.hours_report.showing import Line, Report, make_report, usual_days
from exchange.volunteering.labels import WORK_LABELS
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import Reader
from exchange.volunteering.views import LONGEST_TYPED, bp, wanted_in_request
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.dates import day_here, day_in_address
from exchange.web.locale import locale_code


@bp.get("/volunteer-hours")
@access(SIGNED_IN)
def hours_report() -> ResponseReturnValue:
    """Approved hours by organisation, by village and by kind of work; the filters in the address.
    """
    who, asked, owner, offers = _asked()
    kept = _parameters(asked, owner)
    report = make_report(read_session(), who, asked)
    return render_template(
        "volunteering/hours_report.html",
        report=report, left_out=left_out_text(report.left_out),
        asked=asked, owner=_name(owner), owner_key=owner.public_id if owner else "",
        offers=offers, typed=request.args.get("division_text", "")[:LONGEST_TYPED],
        place_name=place_label(asked.division), near=who.actor.division or "",
        works=WORK_LABELS, heads=_heads(), fewest=FEWEST, duration=duration_text,
        own=_own_organisations(),
        days=(day_here(asked.first), day_here(asked.last)),
        csv_url=url_for("volunteering.hours_table", **kept),
        paper_url=url_for("volunteering.hours_paper", **kept),
    )  # fmt: skip


@bp.get("/volunteer-hours.csv")
@access(SIGNED_IN)
def hours_table() -> ResponseReturnValue:
    """The same as a table that spreadsheets open."""
    who, asked, _owner, _offers = _asked()
    text = table_of(make_report(read_session(), who, asked))
    response = Response(text, mimetype="text/csv")
    name = f"volunteer-hours-{asked.first.isoformat()}-{asked.last.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/volunteer-hours/paper")
@access(SIGNED_IN)
def hours_paper() -> ResponseReturnValue:
    """The same on a sheet of A4."""
    who, asked, owner, _offers = _asked()
    report = make_report(read_session(), who, asked)
    return render_template(
        "volunteering/hours_paper.html",
        report=report, left_out=left_out_text(report.left_out),
        owner=_name(owner), where=place_label(asked.division),
        kind=WORK_LABELS[asked.work] if asked.work else "",
        days=(day_here(asked.first), day_here(asked.last)), today=day_here(who.today),
        heads=_heads(), fewest=FEWEST, duration=duration_text,
        back=url_for("volunteering.hours_report", **_parameters(asked, owner)),
    )  # fmt: skip


def table_of(report: Report) -> str:
    """The report as CSV; texts that look like formulas are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Summed up by"), _("Name"), _("Volunteers"), _("Times"), _("Hours"), _("Minutes")]
    )
    heads = _heads()
    for cut, lines in report.cuts:
        for line in lines:
            writer.writerow([heads[cut], _harmless(_line_name(line)), *_numbers(line)])
    writer.writerow([_("In all"), "", *_numbers(report.total)])
    if report.left_out:
        writer.writerow([left_out_text(report.left_out)])
    return MARK + out.getvalue()


def _numbers(line: Line) -> list[Any]:
    if not line.is_told:
        return [f"<{FEWEST}" if line.is_small else "", "", "", ""]
    return [line.people, line.times, line.hours, line.minutes]


def _line_name(line: Line) -> str:
    return str(_("Small groups together")) if line.is_small else str(line.name)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(COMMANDS) else text


def _heads() -> dict[str, str]:
    return {
        "organisation": _("By organisation"), "village": _("By village"),
        "work": _("By kind of work"),
    }  # fmt: skip


def _asked() -> tuple[Reader, Asked, Organisation | None, Any]:
    """What the address asks for; what makes no sense is left out."""
    who = reader()
    if not may_read_report(who.actor):
        raise Forbidden("hours_report_not_yours")
    wanted, offers = wanted_in_request(who)
    usual = usual_days(who.today)
    first = day_in_address(request.args.get("from", "")) or usual[0]
    last = day_in_address(request.args.get("to", "")) or usual[1]
    key = request.args.get("organisation", "")[:20]
    owner = organisation_by_public_id(read_session(), key) if key.isalnum() else None
    asked = Asked(first, last, owner.id if owner else None, wanted.division, wanted.work)
    return who, asked, owner, offers


def _parameters(asked: Asked, owner: Organisation | None) -> dict[str, Any]:
    values = {
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "organisation": owner.public_id if owner else "",
        "division": asked.division,
        "work": asked.work.value if asked.work else "",
    }
    return {name: value for name, value in values.items() if value}


def _own_organisations() -> list[tuple[str, str]]:
    """The organisation for which the reader acts, for the filter."""
    actor = current_actor()
    found = read_session().get(Organisation, actor.organisation_id or 0)
    return [(found.public_id, _name(found))] if found is not None else []


def _name(owner: Organisation | None) -> str:
    return organisation_label(owner, locale_code()) if owner is not None else ""
