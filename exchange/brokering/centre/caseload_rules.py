"""Who may be given a case, and how much one carries."""

from dataclasses import dataclass

from exchange.kernel.actor import covers
from exchange.kernel.decisions import Decision, allow, refuse


@dataclass(frozen=True)
class Post:
    """A duty at an open service point and the divisions that come with it."""

    point_id: int
    prefixes: tuple[str, ...]
    is_supervisor: bool = False


@dataclass(frozen=True)
class Worker:
    """Somebody who may have cases: all their duties together."""

    person_id: int
    public_id: str
    name: str
    posts: tuple[Post, ...]

    def serves(self, division_code: str | None) -> bool:
        """Whether one of their points serves the division."""
        return self.point_for(division_code) is not None

    def point_for(self, division_code: str | None) -> int | None:
        """At which point they serve the division: where that is meant most closely."""
        if division_code is None:
            return None
        found = [
            (len(prefix), -post.point_id)
            for post in self.posts
            for prefix in post.prefixes
            if covers(prefix, division_code)
        ]
        return -max(found)[1] if found else None

    def is_at(self, point_id: int) -> bool:
        """Whether they have a duty at the point."""
        return any(post.point_id == point_id for post in self.posts)


def may_receive(worker: Worker | None, division_code: str | None) -> Decision:
    """Whether a case of a division may be put into somebody's hands."""
    if worker is None or not worker.serves(division_code):
        return refuse("worker_elsewhere")
    return allow()


def may_take_more(in_hand: int, limit: int, *, blocks: bool) -> Decision:
    """Whether somebody with so many cases may take another up: warned, or refused, at the limit."""
    if in_hand < limit:
        return allow()
    return refuse("caseload_full", limit=limit) if blocks else allow("caseload_reached")


def least_loaded(workers: list[Worker], in_hand: dict[int, int]) -> Worker | None:
    """Who has the fewest cases; of several the one with the lowest id."""
    ranked = [(in_hand.get(one.person_id, 0), one.person_id, one) for one in workers]
    return min(ranked, key=lambda one: one[:2])[2] if ranked else None
