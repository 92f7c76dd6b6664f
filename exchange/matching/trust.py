"""Features of how much hangs on a pair, and how sure it is that the offer will come.

They know what an organisation did in earlier introductions, never who it is or who belongs to it.
Only the side that gives is looked at: whoever needs help is not kept from it by their record.
"""

import math
from datetime import date

from exchange.matching.values import Feature, ListingFacts, Record

URGENT = {"critical": 1.0, "high": 0.8, "normal": 0.4, "low": 0.0}
ENOUGH_TO_TELL = 3  # so many answers or endings before they say anything
PRIOR, PRIOR_COUNT = 0.8, 4.0  # as if so many of so many had gone well before
FRESH_DAYS, FADING_DAYS = 30, 180.0


def trust(need: ListingFacts, offer: ListingFacts, today: date) -> tuple[Feature, ...]:
    """Urgency, reliability, answer rate and freshness, in this order."""
    return (
        urgency(need),
        reliability(offer.record),
        answer_rate(offer.record),
        freshness(need, offer, today),
    )


def urgency(need: ListingFacts) -> Feature:
    """1 where lives or a harvest hang on it, 0.8 urgent, 0.4 as usual, 0 where it can wait."""
    return Feature("urgency", URGENT[need.urgency], f"urgency_{need.urgency}")


def reliability(record: Record | None) -> Feature:
    """The share of what was agreed with the giver that came to a good end, see ``smoothed``."""
    ended = 0 if record is None else record.kept + record.broken
    if record is None or ended < ENOUGH_TO_TELL:
        return Feature("reliability", None)
    params = {"kept": record.kept, "ended": ended}
    return Feature("reliability", smoothed(record.kept, ended), "record_kept", params)


def answer_rate(record: Record | None) -> Feature:
    """The share of the proposals to the giver that were answered, yes or no, see ``smoothed``."""
    if record is None or record.asked < ENOUGH_TO_TELL:
        return Feature("answer_rate", None)
    params = {"answered": record.answered, "proposals": record.asked}
    value = smoothed(record.answered, record.asked)
    return Feature("answer_rate", value, "record_answers", params)


def smoothed(good: int, all_: int) -> float:
    """The mean of a beta distribution with 3.2 good and 0.8 bad cases beforehand."""
    return (good + PRIOR * PRIOR_COUNT) / (all_ + PRIOR_COUNT)


def freshness(need: ListingFacts, offer: ListingFacts, today: date) -> Feature:
    """1 up to 30 days after the older of the two was published, then e^-(days - 30) / 180."""
    published = [one.published_on for one in (need, offer) if one.published_on is not None]
    if not published:
        return Feature("freshness", None)
    days = max(0, (today - min(published)).days)
    value = math.exp(-max(0, days - FRESH_DAYS) / FADING_DAYS)
    return Feature("freshness", value, "posted", {"days": days})
