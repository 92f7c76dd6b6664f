"""How many of the proposals to merge are right, and how many of the twins are found.

What is measured are the proposals that the worker's own jobs have stored.
"""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.duplicates.queries import still_open

TWINS = "duplicates.tsv"
Twins = frozenset[frozenset[str]]


def read_twins(folder: Path) -> Twins | None:
    """The pairs of ids in duplicates.tsv (need_id, duplicate_id); None where there is no file."""
    path = folder / TWINS
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return frozenset(frozenset((row["need_id"], row["duplicate_id"])) for row in rows)


def proposed_twins(session: Session, ids: Mapping[str, int], today: date) -> Twins:
    """The proposals that a broker would be shown, as pairs of external ids."""
    names = {listing_id: external_id for external_id, listing_id in ids.items()}
    query = sa.select(DuplicatePair.first_id, DuplicatePair.second_id).where(
        DuplicatePair.decided_at.is_(None)
    )
    rows = session.execute(query).all()
    standing = still_open(session, {key for row in rows for key in row}, today)
    return frozenset(
        frozenset((names[row.first_id], names[row.second_id]))
        for row in rows
        if {row.first_id, row.second_id} <= standing
    )


def twin_measures(proposed: Twins, twins: Twins) -> dict[str, float]:
    """Precision and recall of the proposals; precision is 1 when nothing is proposed."""
    right = len(proposed & twins)
    return {
        "precision": right / len(proposed) if proposed else 1.0,
        "recall": right / len(twins) if twins else 1.0,
        "proposed": float(len(proposed)),
        "pairs": float(len(twins)),
    }
