"""Choosing what reaches one, how and when."""

from collections.abc import Mapping

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid, NotFound
from exchange.notifications.events import PreferencesChanged
from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.models import NoticeHours, NoticePreference
from exchange.notifications.rules import MINUTES, Quiet


def choose_messages(
    act: Act, choices: Mapping[tuple[Kind, Channel], Rhythm], quiet: Quiet | None = None
) -> None:
    """Keep the acting person's choices; what is not among them stays as it was.

    They count for what is told from now on. Security cannot be chosen about: it is left out.
    Raises NotFound for nobody, Invalid for hours that no day has.
    """
    person_id = act.actor.person_id
    if person_id is None:
        raise NotFound
    if quiet is not None and not all(0 <= each < MINUTES for each in (quiet.start, quiet.until)):
        raise Invalid(fields={"quiet_from": ["hours_form"]})
    act.session.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update())
    for (kind, channel), rhythm in choices.items():
        if kind is not Kind.SECURITY:
            act.session.merge(
                NoticePreference(person_id=person_id, kind=kind, channel=channel, rhythm=rhythm)
            )
    if quiet is not None:
        act.session.merge(
            NoticeHours(person_id=person_id, quiet_from=quiet.start, quiet_until=quiet.until)
        )
    act.emit(PreferencesChanged(person_id))
