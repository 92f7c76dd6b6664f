"""What moderation puts on other rooms' pages: the way to report, what was decided about one's own,
and for those who decide the way to a case.
"""

from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import gettext as _

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.accounts.verification.queries import waiting_count as verification_count
from exchange.brokering.page.nav_panels import SideNavEntry, add_desk_entries
from exchange.brokering.queries import match_by_public_id
from exchange.kernel.actor import Actor
from exchange.listings.kinds import SHOWN_STATES
from exchange.listings.models import Listing
from exchange.moderation import thing_panels
from exchange.moderation.models import ModerationCase
from exchange.moderation.queries import waiting_count
from exchange.moderation.targets import parts_for
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "listing.main", listing_decision, order=3)
    fill_slot(app, "listing.main", listing_case, order=4)
    fill_slot(app, "listing.main", listing_report, order=95)
    thing_panels.install(app)
    fill_slot(app, "organisation.panels", organisation_decision, order=3)
    fill_slot(app, "organisation.panels", organisation_report, order=95)
    fill_slot(app, "match.main", match_report, order=95)
    fill_slot(app, "me.links", reports_link, order=60)
    add_desk_entries(app, desk_entries)


def desk_entries(here: str, actor: Actor) -> tuple[SideNavEntry, ...]:
    """Reports and verification in the navigation of the desk, with what waits."""
    session = read_session()
    return (
        SideNavEntry(
            url_for("accounts.verification"), _("Verification"), here == "verification",
            verification_count(session, actor),
        ),
        SideNavEntry(
            url_for("moderation.queue"), _("Reports"), here == "moderation",
            waiting_count(session, actor),
        ),
    )  # fmt: skip


def listing_report(listing: Listing, **_values: Any) -> PanelContent | None:
    """The way to report a listing that is not one's own."""
    if current_actor().belongs_to(listing.organisation_id) or listing.state not in SHOWN_STATES:
        return None
    url = url_for("moderation.report_one", kind="listing", public_id=listing.public_id)
    return PanelContent("moderation/_report_link.html", {"url": url})


def organisation_report(organisation: Organisation, **_values: Any) -> PanelContent | None:
    """The way to report an organisation that is not one's own."""
    if current_actor().belongs_to(organisation.id):
        return None
    url = url_for("moderation.report_one", kind="organisation", public_id=organisation.public_id)
    return PanelContent("moderation/_report_link.html", {"url": url})


def match_report(public_id: str, **_values: Any) -> PanelContent | None:
    """The way to report a person in a match."""
    match = match_by_public_id(read_session(), public_id)
    if match is None or not parts_for(current_actor(), match):
        return None
    url = url_for("moderation.report_person", public_id=public_id)
    return PanelContent("moderation/_report_link.html", {"url": url})


def listing_decision(listing: Listing, **_values: Any) -> PanelContent | None:
    """On one's own listing: why it is hidden, what is to be put right, the way to appeal."""
    if not current_actor().belongs_to(listing.organisation_id):
        return None
    about = sa.or_(
        ModerationCase.listing_id == listing.id,
        sa.and_(
            thing_panels.about_nothing_published(),
            ModerationCase.organisation_id == listing.organisation_id,
            sa.literal(listing.held_at is not None),
        ),
    )
    return thing_panels.decision_panel(about)


def organisation_decision(organisation: Organisation, **_values: Any) -> PanelContent | None:
    """The same on the page of one's own organisation."""
    if not current_actor().belongs_to(organisation.id):
        return None
    return thing_panels.decision_panel(
        sa.and_(
            ModerationCase.organisation_id == organisation.id,
            thing_panels.about_nothing_published(),
        )
    )


def listing_case(listing: Listing, **_values: Any) -> PanelContent | None:
    """For those who decide: an open case about this listing, and an owner who is suspended."""
    suspended = listing.organisation.verification is Verification.SUSPENDED
    return thing_panels.case_panel(f"listing:{listing.id}", suspended=suspended)


def reports_link(**_values: Any) -> PanelContent | None:
    """The way to one's own reports, on one's own page."""
    return PanelContent("moderation/_reports_link.html")
