"""What people chose, and by which channels they can be reached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.kernel.settings import Settings
from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.models import NoticeHours, NoticePreference
from exchange.notifications.rules import Quiet, minute_of
from exchange.notifications.wechat.models import WechatBinding

Choices = dict[tuple[Kind, Channel], Rhythm]


@dataclass(frozen=True)
class Reach:
    """By which channels a person is reached, what they chose, and their quiet hours."""

    channels: frozenset[Channel]
    quiet: Quiet
    chosen: Choices = field(default_factory=dict)


def usual_quiet(settings: Settings) -> Quiet:
    """The site's quiet hours, for people who have chosen none."""
    return Quiet(minute_of(settings.quiet_from), minute_of(settings.quiet_until))


def reach_of(
    session: Session, settings: Settings, offered: Collection[Channel], people: Sequence[Person]
) -> dict[int, Reach]:
    """By person id; three queries however many they are. ``offered`` is what the site has."""
    ids = [person.id for person in people]
    chosen: dict[int, Choices] = {person_id: {} for person_id in ids}
    for row in session.scalars(
        sa.select(NoticePreference).where(NoticePreference.person_id.in_(ids))
    ):
        chosen[row.person_id][row.kind, row.channel] = row.rhythm
    hours = {
        row.person_id: Quiet(row.quiet_from, row.quiet_until)
        for row in session.scalars(sa.select(NoticeHours).where(NoticeHours.person_id.in_(ids)))
    }
    bound = set(
        session.scalars(
            sa.select(WechatBinding.person_id).where(WechatBinding.person_id.in_(ids))
        )
    )
    usual = usual_quiet(settings)
    return {
        person.id: Reach(
            _channels(person, has_wechat=person.id in bound) & frozenset(offered),
            hours.get(person.id, usual),
            chosen[person.id],
        )
        for person in people
    }


def _channels(person: Person, *, has_wechat: bool) -> frozenset[Channel]:
    """A phone counts as for signing in: confirmed by a code or vouched for."""
    has = {
        Channel.EMAIL: bool(person.email_sealed and person.email_confirmed_at),
        Channel.SMS: bool(person.phone_sealed and person.phone_ok),
        Channel.WECHAT: has_wechat,
    }
    return frozenset(channel for channel, there in has.items() if there)
