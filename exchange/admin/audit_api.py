"""The audit for programs: what supervisors and operators may read, and what concerns oneself."""

from typing import Any

from exchange.admin.audit_forms import span_of
from exchange.admin.audit_panels import Line, lines_for, own_lines
from exchange.admin.audit_queries import (
    Asked,
    Named,
    Wanted,
    concerns_of,
    entries_for,
    find_about,
    names_for,
    own_entries,
)
from exchange.admin.audit_schemas import AuditPage, AuditQuery, OwnAuditPage
from exchange.admin.audit_views import AUDITORS
from exchange.api.blueprint import ApiBlueprint
from exchange.api.paging import PageQuery
from exchange.audit.models import AuditConcern, AuditEntry
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code

Given = dict[str, Any]
blp = ApiBlueprint(
    "api_audit",
    __name__,
    title="Audit",
    description="Who did what, for whom and when. Supervisors read what concerns their divisions, "
    "operators everything, everybody what concerns themselves. Nothing here can be changed.",
)


@blp.get("/audit")
@access(AUDITORS)
@blp.query(AuditQuery)
@blp.answers(200, AuditPage, "Entries, the newest first")
def index(asked: Given) -> Given:
    """Entries of the audit, without personal values."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    about = find_about(session, asked["about"]) if asked["about"] else None
    wanted = Asked(about, asked["event"], *span_of(asked["since"], asked["until"]))
    found = entries_for(session, actor, wanted, asked["cursor"] or "", limit + 1)
    page = found[:limit]
    concerns = concerns_of(session, page)
    ids = Wanted()
    ids.add_entries(page, concerns)
    named = names_for(session, actor, ids, locale_code())
    lines = lines_for(session, actor, page)
    items = [
        _item(entry, line, concerns[entry.id], named)
        for entry, line in zip(page, lines, strict=True)
    ]
    more = page[-1].public_id if len(found) > limit else None
    return {"items": items, "next_cursor": more}


def _item(entry: AuditEntry, line: Line, concerns: list[AuditConcern], named: Named) -> Given:
    return {
        "id": entry.public_id,
        "at": entry.at,
        "event": entry.event,
        "label": line.what,
        "role": entry.role,
        "by": line.who,
        "origin": entry.origin,
        "concerns": [
            {
                "listing": named.listings.get(row.listing_id or 0, ("", None))[1],
                "match": named.matches.get(row.match_id or 0),
                "organisation": named.organisations.get(row.organisation_id or 0, ("", None))[1]
                or None,
                "division": row.division_code,
            }
            for row in concerns
        ],
        "changed": [
            f"{change['table']}.{column}"
            for change in entry.changes
            for column in [*change.get("plain", ()), *change.get("sealed", ())]
        ],
    }


@blp.get("/audit/mine")
@access(SIGNED_IN)
@blp.query(PageQuery)
@blp.answers(200, OwnAuditPage, "What was done with your data, the newest first")
def mine(asked: Given) -> Given:
    """What you and others did with your account, your listings and your matches."""
    session, actor, limit = read_session(), current_actor(), asked["limit"]
    found = own_entries(session, actor.person_id or 0, asked["cursor"] or "", limit + 1)
    page = found[:limit]
    items = [
        {
            "id": entry.public_id,
            "at": entry.at,
            "event": entry.event,
            "label": line.what,
            "by": line.who,
            "role": line.role,
        }
        for entry, line in zip(page, own_lines(session, actor, page), strict=True)
    ]
    return {"items": items, "next_cursor": page[-1].public_id if len(found) > limit else None}
