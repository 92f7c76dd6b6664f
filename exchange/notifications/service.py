"""The verbs: notify people, mark as read."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.notifications.models import Notice
from exchange.notifications.routing import Parcel, send_out


def notify(
    act: Act,
    person_ids: Iterable[int],
    code: str,
    params: Mapping[str, Any],
    path: str,
    *,
    dedupe_key: str | None = None,
    out_paths: Mapping[int, str] | None = None,
    also_actor: bool = False,
) -> list[Notice]:
    """Tell people something: in the app at once, and by the channels and at the times they chose.

    The acting person is not told of their own act, unless ``also_actor`` says that somebody else
    may have done it on their phone. With a dedupe key a person is told once only.
    ``out_paths`` holds, by person id, where outgoing messages lead instead of ``path``, such as a
    signed link: the notice in the app never leads there. Raises ValueError for one that leaves
    the site.
    """
    wanted = sorted(set(person_ids) - (set() if also_actor else {act.actor.person_id}))
    if not wanted:
        return []
    people = act.session.scalars(
        sa.select(Person).where(Person.id.in_(wanted), Person.closed_at.is_(None))
    ).all()
    told = _already_told(act, wanted, dedupe_key)
    fresh = [person for person in people if person.id not in told]
    notices = [
        Notice(
            person_id=person.id,
            code=code,
            params=dict(params),
            path=path,
            dedupe_key=dedupe_key,
            created_at=act.now,
        )
        for person in fresh
    ]
    act.session.add_all(notices)
    act.session.flush()
    own = out_paths or {}
    send_out(act, fresh, [Parcel(notice, own.get(notice.person_id)) for notice in notices])
    return notices


def _already_told(act: Act, person_ids: list[int], dedupe_key: str | None) -> set[int]:
    if dedupe_key is None:
        return set()
    rows = act.session.scalars(
        sa.select(Notice.person_id).where(
            Notice.dedupe_key == dedupe_key, Notice.person_id.in_(person_ids)
        )
    )
    return set(rows)


def read_notice(act: Act, public_id: str) -> Notice:
    """Mark one of the actor's notices as read and return it. Raises NotFound for anybody else's."""
    notice = act.session.scalar(
        sa.select(Notice).where(
            Notice.public_id == public_id, Notice.person_id == act.actor.person_id
        )
    )
    if notice is None:
        raise NotFound
    notice.read_at = notice.read_at or act.now
    return notice


def read_all(act: Act) -> None:
    """Mark all of the actor's notices as read."""
    act.session.execute(
        sa.update(Notice)
        .where(Notice.person_id == act.actor.person_id, Notice.read_at.is_(None))
        .values(read_at=act.now)
    )
