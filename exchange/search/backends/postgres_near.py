"""The nearest documents by meaning: exactly where few are allowed, else by pgvector's index.

Without the extension, and with many allowed, nobody is found by meaning alone; meaning still puts
in order what words have found.
"""

import numpy as np
from numpy.typing import NDArray

from exchange.search.backends.postgres_columns import Rows
from exchange.search.backends.postgres_query import all_of, bound, external
from exchange.search.backends.postgres_reading import View
from exchange.search.backends.postgres_rows import written_vector
from exchange.search.encoder import Vectors
from exchange.search.engine import RELAX_BELOW, Ask
from exchange.search.vectors import small_cosines, small_rows

EXACT = 2_000  # allowed documents that are all compared
EXACT_AT_MOST = 20_000  # likewise where the index would have to look at more than AT_MOST
SCANNED = 400  # that the index looks at; more only for RELAX_BELOW to be found
AT_MOST = 1_500
SPARE = 1.3  # the nearest are not allowed exactly as often as others
NOBODY: NDArray[np.int32] = np.empty(0, np.int32)

COMPARED = """
SELECT id FROM (SELECT id, meaning FROM {g} WHERE id = ANY(%s) OFFSET 0) AS allowed
ORDER BY meaning <#> %s::halfvec, id LIMIT %s
"""
FOUND = "SELECT id FROM {g} ORDER BY meaning <#> %s::halfvec LIMIT %s"
MEANINGS = "SELECT id, meaning FROM {g} WHERE id = ANY(%s) AND meaning IS NOT NULL"


def nearest(view: View, ask: Ask, size: int) -> NDArray[np.int32]:
    """Numbers of at most ``size`` of the nearest documents that the ask allows, in no order."""
    if ask.vector is None:
        return NOBODY
    rows = _allowed(view, ask)
    if not len(rows):
        return NOBODY
    each = SPARE * len(view.columns.id) / len(rows)  # to be looked at for one that is allowed
    if not view.tables.has_extension:
        return _compare_here(view, rows, ask.vector, size) if len(rows) <= EXACT else NOBODY
    if len(rows) <= EXACT or (len(rows) <= EXACT_AT_MOST and each * RELAX_BELOW > AT_MOST):
        return _compared(view, rows, ask.vector, size)
    scanned = min(each * size, max(SCANNED, each * RELAX_BELOW), AT_MOST)
    values = [written_vector(ask.vector), int(scanned)]
    found = view.connection.execute(view.tables.sql(FOUND), values).fetchall()
    ids = np.array([number for (number,) in found], np.int32)
    allowed: NDArray[np.int32] = ids[np.isin(ids, view.columns.id[rows])][:size]
    return allowed


def _allowed(view: View, ask: Ask) -> Rows:
    words = all_of([*bound(ask.question), *external(ask.filters)])
    rows = view.holders(words) if words else view.columns.everything()
    return view.columns.allowed(rows, ask.filters, ask.audience)


def _compared(view: View, rows: Rows, vector: Vectors, size: int) -> NDArray[np.int32]:
    values = [view.columns.id[rows].tolist(), written_vector(vector), size]
    found = view.connection.execute(view.tables.sql(COMPARED), values).fetchall()
    return np.array([number for (number,) in found], np.int32)


def _compare_here(view: View, rows: Rows, vector: Vectors, size: int) -> NDArray[np.int32]:
    with view.connection.cursor(binary=True) as cursor:
        cursor.execute(view.tables.sql(MEANINGS), [view.columns.id[rows].tolist()])
        found = cursor.fetchall()
    if not found:
        return NOBODY
    packed = b"".join(meaning for _, meaning in found)
    meanings: NDArray[np.void] = np.frombuffer(packed, small_rows(len(vector)))
    nearness = small_cosines(meanings, vector)
    best = np.argsort(-nearness, kind="stable")[:size]
    return np.array([number for number, _ in found], np.int32)[best]
