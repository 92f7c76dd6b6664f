"""Who is told of trainings, and what is forgotten when somebody leaves."""

from typing import Any

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering.queries import coordinators_of
from exchange.volunteering.telling import day_words
from exchange.volunteering.training import events
from exchange.volunteering.training.jobs import fill_shifts
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Completion, Training, TrainingTry
from exchange.volunteering.training.queries import activities_requiring

MINE = "/my/volunteering#trainings"


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(events.TrainingCompleted, _completed)
    bus.listen(events.CompletionRevoked, _revoked)
    bus.listen(events.CompletionExpiresSoon, _expires)
    bus.listen(events.TrainingWithdrawn, _withdrawn)
    bus.listen(events.TrainingsRequired, _required)
    bus.listen(AccountClosed, _closed)


def _about(act: Act, event: events.CompletionEvent) -> tuple[Completion, dict[str, Any]]:
    completion = act.session.get_one(Completion, event.completion_id)
    training = act.session.get_one(Training, event.training_id)
    return completion, {"training": training.title}


def _completed(act: Act, event: events.TrainingCompleted) -> None:
    """Whoever waits somewhere may move up now."""
    _completion, words = _about(act, event)
    notify(act, {event.person_id}, "training_completed", words, MINE)
    enqueue(act, fill_shifts, key="fill")


def _revoked(act: Act, event: events.CompletionRevoked) -> None:
    completion, words = _about(act, event)
    told = {**words, "reason": completion.revoke_reason}
    notify(act, {event.person_id}, "training_revoked", told, MINE)


def _expires(act: Act, event: events.CompletionExpiresSoon) -> None:
    completion, words = _about(act, event)
    day = day_words(act, completion.expires_on) if completion.expires_on else ""
    training = act.session.get_one(Training, event.training_id)
    path = f"/trainings/{training.public_id}"
    notify(act, {event.person_id}, "training_expires", {**words, "day": day}, path)


def _withdrawn(act: Act, event: events.TrainingWithdrawn) -> None:
    """Whoever looks after an activity that asked for it hears that it does so no more."""
    training = act.session.get_one(Training, event.training_id)
    for activity in activities_requiring(act.session, training.id):
        words = {"training": training.title, "activity": activity.title}
        people = coordinators_of(act.session, activity)
        path = f"/activities/{activity.public_id}"
        notify(act, people, "training_withdrawn", words, path)
    enqueue(act, fill_shifts, key="fill")


def _required(act: Act, _event: events.TrainingsRequired) -> None:
    """Where less is asked for, whoever waits may move up."""
    enqueue(act, fill_shifts, key="fill")


def _closed(act: Act, event: AccountClosed) -> None:
    """Tries go, and the words about what was revoked; completions stay counted without a name.

    Nobody runs a training of an organisation that is left empty: it is withdrawn.
    """
    for gone in (
        sa.delete(TrainingTry).where(TrainingTry.person_id == event.person_id),
        sa.update(Completion)
        .where(Completion.person_id == event.person_id)
        .values(revoke_reason=""),
    ):
        act.session.execute(gone.execution_options(synchronize_session=False))
    owned = sa.select(Training.id).where(Training.organisation_id.in_(sorted(event.emptied)))
    ids = list(act.session.scalars(owned)) if event.emptied else []
    if ids:
        _retire(act, ids)


def _retire(act: Act, ids: list[int]) -> None:
    for training in act.session.scalars(sa.select(Training).where(Training.id.in_(ids))).all():
        if training.state is TrainingState.PUBLISHED:
            training.move_to(TrainingState.WITHDRAWN, act.now)
            act.emit(events.TrainingWithdrawn(training.id, training.organisation_id))
