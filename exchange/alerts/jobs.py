"""Telling people of what is new for the searches they follow: weigh, tell, and what is left over.

Every job may run twice and may end between any two lines: items are unique, and the mark that one
was told stands in the same act as its notice.
"""

from collections.abc import Sequence
from datetime import timedelta

from exchange.alerts.queries import anybody_follows, due_with_news
from exchange.alerts.rules import until_next_slot
from exchange.alerts.telling import move_on, news_for, note, still_answering, tell
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.clock import parse_moment

CHUNK = 200  # items written, or searches asked to tell, in one act
SWEEP_MINUTES = 5


@job("alerts.tell", batch=50, priority=10)
def tell_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Tell of what waits, each search in an act of its own."""
    search_ids = sorted({payload["search_id"] for payload in payloads})
    for looked in list(still_answering(run.read(), run.house, search_ids)):
        with run.act() as act:
            tell(act, looked)


@job("alerts.weigh", batch=CHUNK, priority=10)
def weigh_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Note who is to be told of these listings, and tell those who want to know at once."""
    if not anybody_follows(run.read()):
        return
    changed = {payload["listing_id"]: parse_moment(payload["at"]) for payload in payloads}
    for payload in payloads:
        listing_id, at = payload["listing_id"], parse_moment(payload["at"])
        changed[listing_id] = max(changed[listing_id], at)
    pages = list(news_for(run.read(), run.house, changed))
    news = [one for page in pages for one in page]
    for start in range(0, len(news), CHUNK):
        with run.act() as act:
            _ask_to_tell(act, note(act, news[start : start + CHUNK]))


@job("alerts.sweep", every_minutes=SWEEP_MINUTES)
def sweep_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Send the digests whose morning has come, and whatever else was left waiting."""
    due = due_with_news(run.read(), run.house.clock.now())
    for start in range(0, len(due), CHUNK):
        with run.act() as act:
            _ask_to_tell(act, due[start : start + CHUNK])
    with run.act() as act:
        move_on(act)


def request_weighing(act: Act, listing_id: int) -> None:
    """Have a listing weighed after this act commits, together with what else happens meanwhile.

    While nobody follows anything there is nothing to gather for; the job looks once more.
    """
    delay = until_next_slot(act.now) if anybody_follows(act.session) else timedelta(0)
    enqueue(act, weigh_job, {"listing_id": listing_id, "at": act.now.isoformat()}, delay=delay)


def _ask_to_tell(act: Act, search_ids: Sequence[int] | set[int]) -> None:
    for search_id in sorted(search_ids):
        enqueue(act, tell_job, {"search_id": search_id}, key=str(search_id))
