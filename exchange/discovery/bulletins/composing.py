"""Putting an issue together: once for each day, whoever asks, and however often."""

from datetime import date

from exchange.discovery.bulletins.counting import asked_of
from exchange.discovery.bulletins.events import (
    BulletinComposed,
    BulletinMissed,
    BulletinPublished,
)
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin, BulletinItem, BulletinPlace
from exchange.discovery.bulletins.queries import (
    hearers_of_missed,
    issue_of,
    last_day_told,
    managed_place,
    place_numbered,
)
from exchange.discovery.bulletins.rules import last_due, missed, period_for
from exchange.discovery.bulletins.sections import Findings, sections_of
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict


def compose_due(act: Act, place_id: int) -> Bulletin | None:
    """Compose what is due of a place and not there yet; None when there is nothing to do.

    What was missed is caught up: one issue, for the last day on which it was due.
    """
    place = place_numbered(act.session, place_id, lock=True)
    due_on = _due(act, place) if place else None
    if place is None or due_on is None or issue_of(act.session, place.id, due_on):
        return None
    return _compose(act, place, due_on)


def compose_now(act: Act, public_id: str) -> Bulletin:
    """Compose an issue at once: the one that is due and missing, else one for today.

    Asked again on the same day it is the same issue. Raises NotFound for a place that the actor
    does not manage, Conflict "bulletin_place_rests".
    """
    place = managed_place(act.session, act.actor, public_id, lock=True)
    if not place.is_on:
        raise Conflict("bulletin_place_rests")
    due_on = _due(act, place)
    if due_on is None or issue_of(act.session, place.id, due_on):
        due_on = act.today
    return issue_of(act.session, place.id, due_on) or _compose(act, place, due_on)


def note_missed(act: Act, place_id: int) -> bool:
    """Note, and let the supervisors know, that a day went by; once for each day.

    While there is nobody to hear of it the day does not count as told.
    """
    place = place_numbered(act.session, place_id, lock=True)
    due_on = _due(act, place) if place else None
    if place is None or due_on is None:
        return False
    if place.told_due_on is not None and place.told_due_on >= due_on:
        return False
    issue = issue_of(act.session, place.id, due_on)
    state = issue.state if issue else None
    if missed(due_on, state, act.now, act.house.settings.time_zone) is None:
        return False
    if not hearers_of_missed(act.session, place):
        return False
    place.told_due_on = due_on
    act.session.flush()
    act.emit(BulletinMissed(place.id, issue.id if issue else None))
    return True


def _due(act: Act, place: BulletinPlace) -> date | None:
    if not place.is_on:
        return None
    return last_due(place.when, place.begins_on, act.now, act.house.settings.time_zone)


def _compose(act: Act, place: BulletinPlace, due_on: date) -> Bulletin:
    before = last_day_told(act.session, place.id, due_on)
    period = period_for(place.when, due_on, before)
    asked = asked_of(act.house, place, period)
    found = {
        one.code: one.find(act.session, act.house, asked) for one in sections_of(act.house)
    }
    made = Bulletin(
        bulletin_place_id=place.id,
        due_on=due_on,
        from_on=period.from_on,
        to_on=period.to_on,
        state=State.COMPOSED,
        figures={code: dict(one.figures) for code, one in found.items()},
        composed_at=act.now,
        counted_at=act.now,
        updated_at=act.now,
        items=_items(found),
    )
    act.session.add(made)
    act.session.flush()
    act.emit(BulletinComposed(made.id, place.id))
    if not place.needs_approval:
        made.state, made.published_at = State.PUBLISHED, act.now
        act.session.flush()
        act.emit(BulletinPublished(made.id, place.id, is_first=True))
    return made


def _items(found: dict[str, Findings]) -> list[BulletinItem]:
    every = [(code, one) for code, findings in found.items() for one in findings.items]
    return [
        BulletinItem(
            number=number,
            section=code,
            subject_id=one.subject_id,
            is_new=one.is_new,
            position=number,
            counted=dict(one.counted),
        )
        for number, (code, one) in enumerate(every, 1)
    ]
