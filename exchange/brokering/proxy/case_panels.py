"""Lines of what was done for others, for the page and for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.centre.overview_panels import RISKY
from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.labels import CONSENTS, state_label
from exchange.brokering.models import Match
from exchange.brokering.proxy.case_labels import KINDS
from exchange.brokering.proxy.case_queries import CaseKind, ProxyCase
from exchange.brokering.talk.discretion import side_label, title_of
from exchange.kernel.actor import Actor
from exchange.listings.filing.models import Filing
from exchange.listings.filing.showing import filing_lines
from exchange.listings.kinds import Side
from exchange.web.dates import local_moment


@dataclass(frozen=True)
class CaseLine:
    """One case. ``whom`` is a code or the owner's name as everybody reads it."""

    moment: str
    kind: str
    whom: str
    title: str
    url: str
    who: str
    consent: str
    state: str
    tone: str
    entry_id: int | None = None


def case_lines(
    session: Session, actor: Actor, cases: Sequence[ProxyCase], locale: str
) -> list[CaseLine]:
    """A line for each case, in order."""
    filings = [case.filing for case in cases if case.filing is not None]
    lines = {
        line.filing.listing_id: line for line in filing_lines(session, actor, filings, locale)
    }
    found = []
    for case in cases:
        if case.filing is not None:
            found.append(_filed(case.filing, lines[case.filing.listing_id]))
        elif case.match is not None:
            found.append(_spoken(actor, case, case.match, locale))
    return found


def _filed(filing: Filing, line: Any) -> CaseLine:
    return CaseLine(
        moment=local_moment(filing.made_at),
        kind=str(KINDS[CaseKind.FILED]),
        whom=filing.code,
        title=line.card.title,
        url=url_for("filings.show", public_id=filing.public_id),
        who=filing.made_by.name,
        consent=line.consent,
        state=line.state,
        tone=line.tone,
    )


def _spoken(actor: Actor, case: ProxyCase, match: Match, locale: str) -> CaseLine:
    entry = case.entry
    assert entry is not None  # noqa: S101 - a case has a filing or both
    side = Side(entry.params["side"])
    kind = entry.params.get("kind") or ""
    return CaseLine(
        moment=local_moment(entry.at),
        kind=str(KINDS[CaseKind.SPOKE]),
        whom=side_label(actor, match, side, locale),
        title=title_of(actor, match, side, locale),
        url=url_for("brokering.show", public_id=match.public_id),
        who=entry.person.name if entry.person else "",
        consent=str(CONSENTS[ProxyConsent(kind)]) if kind in tuple(ProxyConsent) else "",
        state=state_label(match),
        tone="",
        entry_id=entry.id,
    )


def csv_lines(lines: Sequence[CaseLine]) -> Iterator[str]:
    """The same as a table."""
    head = (_("When"), _("What"), _("For whom"), _("About"), _("By whom"), _("Consent"), _("State"))
    yield "\ufeff" + _row(head)
    for one in lines:
        yield _row(
            (one.moment, one.kind, one.whom, one.title, one.who, one.consent, one.state)
        )


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{one}" if one.startswith(RISKY) else one for one in cells])
    return out.getvalue()
