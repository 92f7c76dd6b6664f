"""By the clock: composing what is due, telling of what was missed; and telling followers."""

from collections.abc import Sequence

from exchange.discovery.bulletins.composing import compose_due, note_missed
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.queries import (
    both_place_names,
    bulletin_numbered,
    dues_with_issue,
    followers_of,
    running_places,
)
from exchange.discovery.bulletins.rules import missed
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.notifications.service import notify

CHUNK = 200  # followers told in one act


@job("bulletins.compose")
def compose_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Compose what is due of a place, and tell of a day that went by. Run twice it does it once."""
    for payload in payloads:
        with run.act() as act:
            compose_due(act, payload["place_id"])


@job("bulletins.missed")
def missed_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Tell the supervisors, once for each day."""
    for payload in payloads:
        with run.act() as act:
            note_missed(act, payload["place_id"])


@job("bulletins.watch", every_minutes=10)
def watch_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Look which places have work; each has rows of its own, so that none stops another."""
    now, zone = run.house.clock.now(), run.house.settings.time_zone
    places = running_places(run.read())
    compose, tell = [], []
    for place, due_on, issue in dues_with_issue(run.read(), places, now, zone):
        if issue is None:
            compose.append(place.id)
        is_told = place.told_due_on is not None and place.told_due_on >= due_on
        if not is_told and missed(due_on, issue.state if issue else None, now, zone):
            tell.append(place.id)
    if not compose and not tell:
        return
    with run.act() as act:
        for place_id in compose:
            enqueue(act, compose_job, {"place_id": place_id}, key=str(place_id))
        for place_id in tell:
            enqueue(act, missed_job, {"place_id": place_id}, key=str(place_id))


@job("bulletins.tell")
def tell_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Tell those who follow the place that an issue has come out; each of them once."""
    for payload in payloads:
        issue = bulletin_numbered(run.read(), payload["bulletin_id"])
        if issue is None or issue.state is not State.PUBLISHED:
            continue
        people = followers_of(run.read(), issue.bulletin_place_id)
        for start in range(0, len(people), CHUNK):
            with run.act() as act:
                _tell(act, payload["bulletin_id"], people[start : start + CHUNK])


def request_telling(act: Act, bulletin_id: int) -> None:
    """Have the followers told after this act."""
    enqueue(act, tell_job, {"bulletin_id": bulletin_id}, key=str(bulletin_id))


def _tell(act: Act, bulletin_id: int, people: Sequence[int]) -> None:
    issue = bulletin_numbered(act.session, bulletin_id)
    if issue is None or issue.state is not State.PUBLISHED:
        return
    place = act.session.get_one(BulletinPlace, issue.bulletin_place_id)
    names = both_place_names(act.session, place)
    days = f"{issue.from_on.isoformat()} – {issue.to_on.isoformat()}"
    params = {
        "place": names,
        "headline": {
            "zh": issue.headline_zh or days,
            "en": issue.headline_en or issue.headline_zh or days,
        },
    }
    notify(
        act, people, "bulletin_published", params, f"/bulletins/{issue.public_id}",
        dedupe_key=f"bulletin_published:{bulletin_id}",
    )  # fmt: skip
