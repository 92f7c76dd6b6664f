"""From published needs to stored proposals to merge; the one pipeline that serves and is measured.

Vectors are committed before others are read: of two needs that are looked at in the same moment at
least one sees the other. Never all needs are compared, but those of the same place and kind, what
else the owner asks for, and those that share words by the search index.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date

import structlog
from sqlalchemy.orm import Session

from exchange.jobs.registry import Run
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.listings.rules import language_of
from exchange.matching.duplicates.queries import (
    beside,
    ids_by_public_id,
    may_be_merged,
    partners,
    whole_quantities,
)
from exchange.matching.duplicates.service import ENGINE, Found, as_ids, drop_pairs, replace_pairs
from exchange.matching.facts import centroids_of, load_facts, with_ids
from exchange.matching.readings import (
    encode,
    known_vectors,
    portrait,
    store_vectors,
    whole_text,
)
from exchange.matching.values import ListingFacts, Portrait
from exchange.matching.words import shared_names
from exchange.search.meaning import encoder_of
from exchange.search.port import Filters, IndexUnavailable
from exchange.search.reading.duplicate_facts import Likeness, NeedFacts
from exchange.search.reading.duplicates import AT_BEST, judge, may_be_same, telling_terms
from exchange.search.wiring import search_index

log = structlog.get_logger(__name__)
FROM_INDEX = 60
KEEP = 20  # proposals of one need
COUNTY = 6


def find_duplicates(run: Run, need_ids: Sequence[int]) -> int:
    """Compute and store the proposals of these needs; returns how many rows changed.

    What is not open, or is no need, loses its proposals. Running it again changes nothing.
    """
    wanted, read_at = set(need_ids), run.house.clock.now()
    today = civil_date(read_at, run.house.settings.time_zone)
    _store_missing_vectors(run, wanted, today)
    session = run.read()
    present = _facts(run.house, session, wanted, today)
    known = known_vectors(run.house, session, present)
    found: dict[tuple[int, int], Found] = {}
    for need_id in sorted(known):
        for one in duplicates_of(run.house, session, present[need_id], today):
            found[one.ids] = one
    session.rollback()
    with run.act() as act:
        changed = replace_pairs(act, known, found.values(), engine_name(run.house), read_at)
        for need_id in sorted(wanted - set(present)):
            changed += drop_pairs(act, need_id)
    return changed


def engine_name(house: House) -> str:
    """Which signs and which encoder a score comes from."""
    return f"{ENGINE}+{encoder_of(house).name}"


def duplicates_of(house: House, session: Session, need: ListingFacts, today: date) -> list[Found]:
    """The needs that may be the same as this one, the likeliest first, ties by id."""
    ids = candidates(house, session, need, today)
    everybody = _facts(house, session, ids | {need.id}, today)
    vectors = known_vectors(house, session, everybody)
    if need.id not in vectors:
        return []
    amounts = whole_quantities(session, vectors)
    compared = {key: need_facts(everybody[key], amounts) for key in vectors}
    mine, me = compared.pop(need.id), portrait(house, everybody[need.id], vectors[need.id])
    same = []
    for key, facts in sorted(compared.items()):
        if may_be_same(mine, facts, AT_BEST):
            other = portrait(house, everybody[key], vectors[key])
            verdict = judge(mine, facts, alike(me, other))
            if verdict.is_same:
                same.append(Found(as_ids(need.id, key), verdict))
    return sorted(same, key=lambda one: (-one.verdict.score, one.ids))[:KEEP]


def candidates(house: House, session: Session, need: ListingFacts, today: date) -> set[int]:
    """Ids of the needs to look at closely, without the need itself."""
    near = beside(
        session, need.id, need.category, need.division, need.organisation_id, today
    )
    filters = Filters(
        kinds=("listing",), sides=("need",), division=need.division[:COUNTY], open_on=today
    )
    try:
        hits = search_index(house).candidates(whole_text(need), filters, FROM_INDEX)
    except IndexUnavailable as error:
        log.warning("duplicates without the index", reason=error.params.get("reason"))
        hits = []
    public_ids = [hit.key.partition(":")[2] for hit in hits]
    near |= ids_by_public_id(session, public_ids, today) | partners(session, need.id)
    return near - {need.id}


def need_facts(facts: ListingFacts, amounts: Mapping[int, int | None]) -> NeedFacts:
    """A need as it is compared: with its whole quantity, whatever is left of it."""
    return NeedFacts(
        facts.title,
        facts.text,
        category=facts.category,
        division=facts.division,
        milli=amounts.get(facts.id),
        unit=facts.unit,
        organisation=str(facts.organisation_id),
        from_date=facts.from_date,
        to_date=facts.to_date,
        lang=language_of(f"{facts.title} {facts.text}"),
    )


def alike(one: Portrait, other: Portrait) -> Likeness:
    """How alike the words are; amounts are compared by themselves."""
    return Likeness(
        words=_cosine(one.reading.terms, other.reading.terms),
        title=float(one.reading.title_vector @ other.reading.title_vector),
        text=float(one.reading.text_vector @ other.reading.text_vector),
        shared=shared_names(one.reading, other.reading),
    )


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    first = {term: one[term] for term in telling_terms(one)}
    second = {term: other[term] for term in telling_terms(other)}
    shared = sum(weight * second[term] for term, weight in first.items() if term in second)
    return shared / (_length(first) * _length(second)) if shared else 0.0


def _length(terms: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in terms.values()))


def _facts(house: House, session: Session, ids: set[int], today: date) -> dict[int, ListingFacts]:
    condition = with_ids(ids) & may_be_merged(today)
    return load_facts(session, centroids_of(house, session), condition)


def _store_missing_vectors(run: Run, ids: set[int], today: date) -> None:
    """Encode outside of any writing transaction, then store in a short one."""
    session = run.read()
    facts = _facts(run.house, session, ids, today)
    known = known_vectors(run.house, session, facts)
    missing = [one for key, one in facts.items() if key not in known and whole_text(one).strip()]
    session.rollback()
    if missing:
        made = encode(run.house, missing)
        with run.act() as act:
            store_vectors(act, facts, made)
