"""What a decision says about the features of its pair, and when it is enough to learn from.

A decision is evidence for (label True) or against (False) the pair, or says nothing about it
(None). ``about`` are the features that it speaks of; the weights of others learn nothing from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from exchange.matching.learning.kinds import Cause

SHIPPED = "shipped"  # instead of a version: the weights that come with the package
ENOUGH = 100  # decisions that say something: some seven for each feature
ENOUGH_EACH = 20  # of either kind, or a fit would only learn that all pairs are good
ENOUGH_HELD_OUT, ENOUGH_HELD_OUT_EACH = 20, 4
HELD_OUT = 4  # every fourth need
NEW_DECISIONS = 10  # before it is learned again: another set of weights costs a refresh of all
NEW_SHARE = 0.05
NEWEST, NEWEST_EACH = 30, 5  # made under the weights in force, before they are judged by them
WORSE = 0.01  # nats a decision: the log-loss by which they may be worse before they are given up
ORDER_TOLERANCE = 0.002  # of nDCG

THING = frozenset({
    "word_meanings", "title_meaning", "text_meaning", "category", "direction", "subject",
    "goods", "traded_goods",
})  # fmt: skip
GIVER = frozenset({"reliability", "answer_rate"})
NEARNESS, TIME, QUANTITY, TERMS = (
    frozenset({name}) for name in ("nearness", "time", "quantity", "terms")
)
# What reasons speak about: each is learned apart from the others.
GROUPS = (THING, NEARNESS, TIME, QUANTITY, TERMS, GIVER)
ENOUGH_OF_GROUP = 5  # decisions against, for such a reason, before its features are learned


@dataclass(frozen=True)
class Evidence:
    """What a decision says. ``about`` None means all features; ``weight`` is that of the loss."""

    label: bool | None
    weight: float = 1.0
    about: frozenset[str] | None = None


NOTHING = Evidence(None)
DISMISSALS = {
    "wrong_thing": Evidence(False, about=THING),
    "too_far": Evidence(False, about=NEARNESS),
    "wrong_time": Evidence(False, about=TIME),
    "too_little": Evidence(False, about=QUANTITY),
    "terms": Evidence(False, about=TERMS),
}
# Reasons of a no of one side, of a proposal taken back, and of a failure.
ENDS = {
    "terms": Evidence(False, about=TERMS),
    "time": Evidence(False, about=TIME),
    "not_delivered": Evidence(False, about=GIVER),
    "quality": Evidence(False, about=GIVER),
}
# Completed, and a side says that it would not do it again, or that it hardly helped. Without a
# reason that speaks of some feature the pair as a whole was none, which is said with half a voice.
REGRETS = {
    "wrong_thing": Evidence(False, about=THING),
    "too_far": Evidence(False, about=NEARNESS),
    "time": Evidence(False, about=TIME),
    "terms": Evidence(False, about=TERMS),
    "not_delivered": Evidence(False, about=GIVER),
    "quality": Evidence(False, about=GIVER),
}
REGRET = Evidence(False, 0.5)
GOOD = {
    Cause.CLAIMED: Evidence(True, 0.5),
    Cause.INTRODUCED: Evidence(True, 1.0),
    Cause.COMPLETED: Evidence(True, 2.0),
}


def evidence_of(cause: Cause, reason: str = "") -> Evidence:
    """What a decision says; what stands in no table says nothing about the pair."""
    if cause in GOOD:
        return GOOD[cause]
    if cause is Cause.REGRETTED:
        return REGRETS.get(reason, REGRET)
    if cause is Cause.DISMISSED:
        return DISMISSALS.get(reason, NOTHING)
    return NOTHING if cause is Cause.LAPSED else ENDS.get(reason, NOTHING)


def is_held_out(need_id: int) -> bool:
    """Whether decisions about this need are kept for judging; the same for every fit ever made."""
    digest = blake2b(need_id.to_bytes(8, "big"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % HELD_OUT == 0


def is_enough(labels: Iterable[bool], most: int, each: int) -> bool:
    """Whether there are so many decisions, and so many of either kind."""
    found = list(labels)
    good = sum(found)
    return len(found) >= most and min(good, len(found) - good) >= each


def is_due(fresh: int, known: int) -> bool:
    """Whether so many decisions since the last fit are worth another one."""
    return fresh >= max(NEW_DECISIONS, NEW_SHARE * known)
