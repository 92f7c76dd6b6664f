"""What was changed in a listing, as the lines of a timeline."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.rules import mask_name
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Urgency, Visibility
from exchange.listings.labels import FIELD_LABELS, URGENCY_LABELS, VISIBILITY_LABELS
from exchange.listings.models import Listing, ListingRevision
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary, Terms
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import day_text
from exchange.web.sentences import sentence

LABELS: dict[str, dict[str, Any]] = {
    "terms": {one.value: TERMS_LABELS[one] for one in Terms},
    "urgency": {one.value: URGENCY_LABELS[one] for one in Urgency},
    "visibility": {one.value: VISIBILITY_LABELS[one] for one in Visibility},
    "beneficiaries": {one.value: BENEFICIARY_LABELS[one] for one in Beneficiary},
}


def revision_lines(
    session: Session,
    actor: Actor,
    listing: Listing,
    revisions: Sequence[ListingRevision],
    locale: str,
    today: date,
) -> list[dict[str, Any]]:
    """Former values as lines of a timeline, newest first; names in one query.

    A private person's name is masked as on the page, for those from outside their area.
    """
    ids = {one.person_id for one in revisions if one.person_id is not None}
    people = dict(
        session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids))).all()
    )
    known = can_see_organisation(actor, listing.organisation)
    names = people if known else {key: mask_name(name) for key, name in people.items()}
    return [
        {
            "when": one.at,
            "day": day_text(civil_date(one.at), today, locale),
            "who": names.get(one.person_id or 0, ""),
            "changes": [
                (FIELD_LABELS.get(name, name), former_text(name, value, locale, today))
                for name, value in one.before.items()
            ],
        }
        for one in revisions
    ]


def former_text(name: str, value: Any, locale: str, today: date) -> str:
    """A former value in words."""
    if value is None or value in ([], ""):
        return "—"
    if name in ("quantity_milli", "lot_milli"):
        return format_quantity(int(value), "", locale)
    if name in ("from_date", "to_date"):
        return day_text(date.fromisoformat(value), today, locale)
    if name == "category_code" and value in taxonomy():
        return taxonomy().name(value, locale)
    if name == "is_whole":
        return sentence("yes" if value else "no")
    labels = LABELS.get(name, {})
    words = [str(labels.get(one, one)) for one in (value if isinstance(value, list) else [value])]
    return ("、" if locale.startswith("zh") else ", ").join(words)
