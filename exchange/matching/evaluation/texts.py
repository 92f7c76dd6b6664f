"""A set of plain texts as needs and offers: what matching makes of nothing but words.

Questions become needs and documents offers. Title, amount and days are what posting reads out of
the text; a listing of the set has no category, and its place is the whole country. So no gate of
category or place is closed, and the features that would need them are unknown.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation
from exchange.jobs.registry import Run
from exchange.kernel.act import Act
from exchange.kernel.actor import WHOLE_COUNTRY
from exchange.listings.kinds import Door, State
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.posting.understanding import understand
from exchange.listings.rules import title_from
from exchange.matching.evaluation.evaluating import GradedSet, Row
from exchange.matching.evaluation.text_sets import TextSet
from exchange.matching.facts import centroids_of, load_facts
from exchange.matching.jobs import BATCH
from exchange.matching.openings import parts
from exchange.matching.readings import encode, store_vectors
from exchange.matching.suggesting import match_listings

AT_ONCE = 200
LONGEST_UNIT = 16


def as_graded(given: TextSet, today: date) -> GradedSet:
    """The set as needs and offers, under numbers of their own: a question may be named as a text.

    What only shares its name with a judged pair is no pair: grades of unknown ids fall away.
    """
    needs = {key: f"q{number:07}" for number, key in enumerate(given.questions)}
    offers = {key: f"d{number:07}" for number, key in enumerate(given.texts)}
    return GradedSet(
        organisations=(),
        needs=_rows(given.questions, needs, Door.HELP, today),
        offers=_rows(given.texts, offers, Door.OFFER, today),
        grades={
            needs[asked]: {offers[one]: grade for one, grade in judged.items() if one in offers}
            for asked, judged in given.grades.items()
            if asked in needs
        },
    )


def _rows(
    texts: Mapping[str, str], names: Mapping[str, str], door: Door, today: date
) -> tuple[Row, ...]:
    return tuple(_row(names[key], text, door, today) for key, text in texts.items())


def _row(name: str, text: str, door: Door, today: date) -> Row:
    found = understand(text, door, today)
    unit = found.unit if found.unit and len(found.unit) <= LONGEST_UNIT else None
    return {
        "id": name, "door": door, "title": title_from(text), "text": text,
        "division": WHOLE_COUNTRY, "serves": [WHOLE_COUNTRY],
        "quantity_milli": (found.quantity_milli or None) if unit else None, "unit": unit,
        "from_date": found.from_date.isoformat() if found.from_date else None,
        "to_date": found.to_date.isoformat() if found.to_date else None,
    }  # fmt: skip


def fill_with_texts(act: Act, graded: GradedSet) -> None:
    """Publish the needs of one organisation and the offers of another, past the forms: what has no
    category could not be posted.
    """
    for rows, name in ((graded.needs, "asks"), (graded.offers, "offers")):
        owner = Organisation(
            kind=OrganisationKind.COMPANY, name_zh=name, division_code=WHOLE_COUNTRY,
            verification=Verification.VERIFIED, created_at=act.now, updated_at=act.now,
        )  # fmt: skip
        act.session.add(owner)
        act.session.flush()
        act.session.add_all(_listing(row, owner.id, act) for row in rows)
        act.session.flush()


def _listing(row: Mapping[str, Any], owner_id: int, act: Act) -> Listing:
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("from_date", "to_date")
    }
    return Listing(
        external_id=row["id"], organisation_id=owner_id, door=row["door"], side=row["door"].side,
        state=State.PUBLISHED, title=row["title"][:120], text=row["text"],
        division_code=row["division"], quantity_milli=row["quantity_milli"], unit=row["unit"],
        coverage=[ListingCoverage(prefix=prefix) for prefix in row["serves"]],
        created_at=act.now, updated_at=act.now, published_at=act.now, **days,
    )  # fmt: skip


def match_needs(run: Run) -> None:
    """Have every need matched as the worker would, once all vectors are there."""
    session = run.read()
    rows = session.execute(sa.select(Listing.id, Listing.side).order_by(Listing.id)).all()
    for some in parts([key for key, _side in rows], AT_ONCE):
        _store_vectors(run, some)
    needs = [key for key, side in rows if side == "need"]
    for some in parts(needs, BATCH):
        match_listings(run, some)


def _store_vectors(run: Run, ids: Sequence[int]) -> None:
    session = run.read()
    facts = load_facts(session, centroids_of(run.house, session), Listing.id.in_(ids))
    session.rollback()
    made = encode(run.house, list(facts.values()))
    with run.act() as act:
        store_vectors(act, facts, made)
