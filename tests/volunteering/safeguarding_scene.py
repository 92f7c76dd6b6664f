"""A minor, a guardian, a checked adult, and an activity with children."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from exchange.notifications.channels import SENDERS
from exchange.notifications.kinds import Channel
from exchange.notifications.port import Message
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.safeguarding.age_service import state_birth
from exchange.volunteering.safeguarding.check_service import record_check
from exchange.volunteering.safeguarding.consent_service import ConsentValues, record_consent
from exchange.volunteering.safeguarding.kinds import ConsentWay
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.sealing import Guardian
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.volunteering.conftest import Group

SignIn = Callable[[Player], FlaskClient]
Clock = Callable[[datetime], None]
RunJobs = Callable[[], int]
CatchQueries = Callable[[], AbstractContextManager[Queries]]
IN, WAITS, GONE = SignupState.SIGNED_UP, SignupState.WAITING, SignupState.CANCELLED
MOTHER = Guardian("罗大山", "13800001234")
MINOR = {"min_age": 14}
SIXTEEN = Birth(2010, 5)


def young(group: Group, name: str = "小雨", birth: Birth | None = SIXTEEN) -> Player:
    """Somebody of sixteen, who has said so; or nobody knows."""
    who = group.cast.make_player(name, VILLAGE, says_adult=False)
    if birth:
        with group.act_as(who.actor) as act:
            state_birth(act, birth)
    return who


def consents(
    group: Group, who: Player, by: Player | None = None, activity: Activity | None = None,
    until: date | None = None, way: ConsentWay = ConsentWay.SPOKEN,
) -> str:  # fmt: skip
    """Put on record by whoever leads the group; the public id."""
    with group.act_as((by or group.leader).actor) as act:
        day = None if way is ConsentWay.LINK else act.today
        values = ConsentValues(way, MOTHER, day, until)
        owner = group.leader.organisation
        return record_consent(act, owner, who.person, values, activity).public_id


def checks(group: Group, who: Player, on: date | None = None, by: Player | None = None) -> str:
    with group.act_as((by or group.cast.broker).actor) as act:
        owner = group.leader.organisation
        day = on or act.today
        return record_check(act, owner, who.person, day, owner.id).public_id


def with_children(group: Group, maximum: int = 4) -> tuple[Activity, Shift]:
    """A published activity with children; leader and helper are checked."""
    checks(group, group.leader)
    checks(group, group.helper)
    activity, (shift,) = group.run(
        group.shift(minimum=2, maximum=maximum), with_children=True, **MINOR
    )
    return activity, shift


def refused(group: Group, who: Player, shift: Shift) -> str:
    with pytest.raises(Conflict) as caught:
        group.joins(who, shift)
    return caught.value.code


@contextmanager
def system(group: Group) -> Iterator[Act]:
    with group.act_as(SYSTEM) as act:
        yield act


def rows(group: Group, model: type) -> int:
    group.session.rollback()
    return group.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


class Post:
    """A channel that keeps what it was given."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


def link_of(group: Group, run_jobs: RunJobs) -> str:
    """Where the message to a guardian leads; the worker has sent it."""
    post = Post()
    group.cast.house.resources.setdefault(SENDERS, {})[Channel.SMS] = post
    run_jobs()
    message = next(one for one in reversed(post.messages) if one.message_id.startswith("guardian-"))
    assert "小雨" not in message.text
    found = re.search(r"/s/\w+", message.fields["link"])
    assert found
    return found.group(0)
