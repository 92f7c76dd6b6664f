"""How well the pipeline that serves people does on a set of needs and offers with graded pairs.

The set is imported into a throw-away site and matched by the worker's own jobs; what is measured
is what ``queries.suggestions_for`` answers.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.loading import load_divisions
from exchange.kernel.act import Act, House
from exchange.kernel.actor import SYSTEM, WHOLE_COUNTRY
from exchange.listings.importing import Report, import_listings, import_organisations
from exchange.listings.models import Listing
from exchange.matching.calibration import bins_of, expected_error, reliability_plot
from exchange.matching.evaluation.measures import (
    Rankings,
    ranking_measures,
    shown_measures,
    zero_above_two,
)
from exchange.matching.exposure import Exposure, exposure_of
from exchange.matching.facts import centroids_of, load_facts
from exchange.matching.queries import LIMIT, Suggested, suggestions_for
from exchange.matching.readings import encode, whole_text
from exchange.search.port import Filters
from exchange.search.wiring import search_index

LICENCE = "evaluation"
DEPTH = 100  # of the rankings by words alone and by meaning alone
Row = dict[str, Any]


@dataclass(frozen=True)
class GradedSet:
    """Organisations, needs, offers, and for each need the grades of offers."""

    organisations: tuple[Row, ...]
    needs: tuple[Row, ...]
    offers: tuple[Row, ...]
    grades: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def division_codes(self) -> tuple[str, ...]:
        """The counties and wider areas named; one that contains another comes with that."""
        rows = (*self.organisations, *self.needs, *self.offers)
        codes = {row["division"][:6] for row in rows if row.get("division")}
        codes |= {p[:6] for row in rows for p in row.get("serves") or () if p != WHOLE_COUNTRY}
        contained = {c for c in codes if any(o != c and o.startswith(c) for o in codes)}
        return tuple(sorted(codes - contained))


def read_graded_set(folder: Path) -> GradedSet:
    """Read organisations.jsonl, needs.jsonl, offers.jsonl and match_qrels.tsv. Raises OSError."""
    return GradedSet(
        organisations=read_rows(folder / "organisations.jsonl"),
        needs=read_rows(folder / "needs.jsonl"),
        offers=read_rows(folder / "offers.jsonl"),
        grades=_read_grades(folder / "match_qrels.tsv"),
    )


def read_rows(path: Path) -> tuple[Row, ...]:
    """The JSON objects of a file, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found[row["need_id"]][row["offer_id"]] = int(row["grade"])
    return dict(found)


def fill_site(act: Act, graded: GradedSet) -> Report:
    """Load the places and import everything, organisations as verified."""
    load_divisions(act.session.connection(), only_prefixes=graded.division_codes)
    report = import_organisations(act, graded.organisations, verified=True)
    report.add(import_listings(act, (*graded.needs, *graded.offers), licence=LICENCE))
    return report


def measure(
    house: House, session: Session, graded: GradedSet, today: date
) -> dict[str, dict[str, float]]:
    """The figures of the engine, of words alone and of meaning alone, on a site that is filled."""
    ids = listing_ids(session)
    names = {listing_id: external_id for external_id, listing_id in ids.items()}
    needs = [row["id"] for row in graded.needs]
    scores = engine_scores(session, ids, names, needs, today, exposure_of(house))
    engine = {need: list(found) for need, found in scores.items()}
    least = house.settings.display_threshold
    shown = {need: [o for o, s in found.items() if s >= least] for need, found in scores.items()}
    return {
        "engine": {
            **ranking_measures(engine, graded.grades),
            "zero_above_two": zero_above_two(engine, graded.grades),
            **shown_measures(shown, graded.grades),
            "gated_at_10": float(gated_at_10(engine, graded, today)),
            "calibration_error": expected_error(bins_of(suggested_scores(scores, graded.grades))),
        },
        "lexical": ranking_measures(words_alone(house, session, ids, needs), graded.grades),
        "dense": ranking_measures(meaning_alone(house, session, ids, needs), graded.grades),
    }


def suggested_scores(
    scores: Mapping[str, Mapping[str, float]], grades: Mapping[str, Mapping[str, int]]
) -> list[tuple[float, bool]]:
    """Score and whether it was graded right, of each pair that is suggested; what was not graded is
    wrong, as everywhere. Only the tempting wrong ones are graded: they alone would mislead.
    """
    return [
        (score, grades.get(need, {}).get(offer, 0) > 0)
        for need, found in scores.items()
        for offer, score in found.items()
    ]


def reliability(session: Session, graded: GradedSet, today: date) -> str:
    """The picture of how far the engine's scores can be taken at their word."""
    ids = listing_ids(session)
    names = {listing_id: external_id for external_id, listing_id in ids.items()}
    scores = engine_scores(session, ids, names, [row["id"] for row in graded.needs], today)
    suggested = suggested_scores(scores, graded.grades)
    return reliability_plot(bins_of(suggested), "Scores of suggestions, and how many were right")


def listing_ids(session: Session) -> dict[str, int]:
    """External id → id of every listing on the throw-away site."""
    rows = session.execute(sa.select(Listing.external_id, Listing.id))
    return {external_id: listing_id for external_id, listing_id in rows if external_id}


def engine_scores(
    session: Session,
    ids: Mapping[str, int],
    names: Mapping[int, str],
    needs: Sequence[str],
    today: date,
    exposure: Exposure | None = None,
) -> dict[str, dict[str, float]]:
    """For each need the offers suggested for it with their scores, best first."""
    found: dict[str, dict[str, float]] = {}
    for need in needs:
        listing = session.get(Listing, ids[need]) if need in ids else None
        pairs = _pairs(session, listing, today, exposure) if listing else []
        found[need] = {names[pair.offer.id]: pair.score for pair in pairs}
    return found


def _pairs(
    session: Session, need: Listing, today: date, exposure: Exposure | None
) -> list[Suggested]:
    return suggestions_for(session, SYSTEM, need, today, LIMIT, exposure=exposure)


def ranked_pairs(session: Session, graded: GradedSet, today: date) -> list[Row]:
    """The pairs that the engine's figures are taken from: need, rank from 1, offer and score."""
    ids = listing_ids(session)
    names = {listing_id: external_id for external_id, listing_id in ids.items()}
    needs = [row["id"] for row in graded.needs]
    return [
        {"need": need, "rank": rank, "offer": offer, "score": score}
        for need, found in engine_scores(session, ids, names, needs, today).items()
        for rank, (offer, score) in enumerate(found.items(), start=1)
    ]


def words_alone(
    house: House, session: Session, ids: Mapping[str, int], needs: Sequence[str]
) -> Rankings:
    """Offers by the search index's own score for the words of the need, no gates."""
    rows = session.execute(sa.select(Listing.public_id, Listing.external_id))
    names = {f"listing:{public_id}": external_id for public_id, external_id in rows}
    filters = Filters(kinds=("listing",), sides=("offer",))
    index, rankings = search_index(house), {}
    for need in needs:
        listing = session.get(Listing, ids[need]) if need in ids else None
        text = f"{listing.title}\n{listing.text}" if listing else ""
        found = index.candidates(text, filters, DEPTH)
        named = [(-item.score, names[item.key] or "") for item in found if item.key in names]
        rankings[need] = [name for _, name in sorted(named)]
    return rankings


def meaning_alone(
    house: House, session: Session, ids: Mapping[str, int], needs: Sequence[str]
) -> Rankings:
    """Offers by the cosine of title and text as one, no gates."""
    facts = load_facts(session, centroids_of(house, session), sa.true())
    spoken = [one for one in facts.values() if whole_text(one).strip()]
    vectors = {key: pair.text for key, pair in encode(house, spoken).items()}
    names = {listing_id: external_id for external_id, listing_id in ids.items()}
    offers = [key for key, one in facts.items() if one.side == "offer" and key in names]
    rankings = {}
    for need in needs:
        own = vectors.get(ids.get(need, 0))
        near = {} if own is None else {key: float(vectors[key] @ own) for key in offers}
        order = sorted(near, key=lambda key: (-near[key], key))[:DEPTH]
        rankings[need] = [names[key] for key in order]
    return rankings


def gated_at_10(rankings: Rankings, graded: GradedSet, today: date) -> int:
    """Pairs in a top ten that the rows themselves rule out: side, day, dates or coverage."""
    needs = {row["id"]: row for row in graded.needs}
    offers = {row["id"]: row for row in graded.offers}
    return sum(
        item not in offers or _ruled_out(needs[need], offers[item], today)
        for need, ranking in rankings.items()
        for item in ranking[:10]
    )


def _ruled_out(need: Row, offer: Row, today: date) -> bool:
    first = max(filter(None, (need["from_date"], offer["from_date"])), default="0")
    last = min(filter(None, (need["to_date"], offer["to_date"])), default="9")
    closed = last < today.isoformat() or first > last
    serves = offer["serves"] or [offer["division"]]
    return closed or not any(
        place == WHOLE_COUNTRY or need["division"].startswith(place) for place in serves
    )
