"""How cases are shared out among several who take them over, from values alone."""

from collections.abc import Mapping, Sequence

from exchange.brokering.centre.caseload_rules import Worker, least_loaded


def share_out(
    places: Mapping[str, str | None], receivers: Sequence[Worker], in_hand: Mapping[int, int]
) -> dict[str, Worker]:
    """A receiver for each case (key to division) that somebody serves: always whoever has the
    fewest by then. Cases with fewer able receivers are dealt out first.
    """
    able = {
        key: [one for one in receivers if one.serves(code)] for key, code in places.items()
    }
    counts = dict(in_hand)
    found: dict[str, Worker] = {}
    for key in sorted(able, key=lambda one: (len(able[one]), list(places).index(one))):
        to = least_loaded(able[key], counts)
        if to is not None:
            counts[to.person_id] = counts.get(to.person_id, 0) + 1
            found[key] = to
    return found
