"""The key of each person's values in the audit: made with the first value, destroyed for good."""

import base64
import secrets as random
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.audit.events import DataKeyDestroyed
from exchange.audit.models import PersonDataKey
from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.kernel.secret_box import SecretBox, UnreadableSecret

BYTES = 32
RESEALED_AT_ONCE = 500


def box_of(person_id: int, key: bytes) -> SecretBox:
    """Seals and opens with a person's key; what it seals begins with ``p<person_id>.``."""
    return SecretBox(keys={f"p{person_id}": key}, lookup_key=b"")


def place_of(person_id: int, created_at: datetime) -> str:
    """To what a sealed key is bound."""
    return f"person_data_key.sealed_key.{person_id}.{created_at.isoformat()}"


def boxes_to_seal(act: Act, person_ids: Collection[int]) -> dict[int, SecretBox]:
    """The boxes of these people, made where there is none; a destroyed key is left out.

    Keys are made in the order of ids, so that two acts do not wait for each other in a circle.
    """
    wanted = sorted(set(person_ids))
    found = _rows(act.session, wanted)
    missing = [person_id for person_id in wanted if person_id not in found]
    if missing:
        _insert(act.session, [_new_row(act, person_id) for person_id in missing])
        found = _rows(act.session, wanted)
    return _boxes(act.house.secrets, found)


def boxes_to_open(
    session: Session, secrets: SecretBox, person_ids: Collection[int]
) -> dict[int, SecretBox]:
    """The boxes of these people; whose key is gone or cannot be opened is left out."""
    return _boxes(secrets, _rows(session, person_ids))


def _rows(session: Session, person_ids: Collection[int]) -> dict[int, tuple[str | None, datetime]]:
    query = sa.select(
        PersonDataKey.person_id, PersonDataKey.sealed_key, PersonDataKey.created_at
    ).where(PersonDataKey.person_id.in_(sorted(person_ids)))
    return {key: (sealed, made_at) for key, sealed, made_at in session.execute(query)}


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    """Put in the rows whose person has none; another act may be doing the same."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    session.execute(insert(PersonDataKey).on_conflict_do_nothing(), rows)


def _new_row(act: Act, person_id: int) -> dict[str, object]:
    key = base64.b64encode(random.token_bytes(BYTES)).decode()
    sealed = act.house.secrets.seal(key, place_of(person_id, act.now))
    return {"person_id": person_id, "sealed_key": sealed, "created_at": act.now}


def _boxes(
    secrets: SecretBox, rows: Mapping[int, tuple[str | None, datetime]]
) -> dict[int, SecretBox]:
    boxes = {}
    for person_id, (sealed, made_at) in rows.items():
        if sealed is None:
            continue
        try:
            boxes[person_id] = open_key(secrets, person_id, sealed, made_at)
        except UnreadableSecret:
            continue
    return boxes


def open_key(secrets: SecretBox, person_id: int, sealed: str, made_at: datetime) -> SecretBox:
    """The box of a person. Raises UnreadableSecret."""
    return box_of(person_id, base64.b64decode(secrets.open(sealed, place_of(person_id, made_at))))


def destroy_data_key(act: Act, person_id: int) -> bool:
    """Make what the audit keeps of a person unreadable, for good; False when it was so already.

    The chain still verifies, because it holds the ciphertexts. Call it where an account is
    deleted, as the last step: what the act itself changes of the person is then left out, too.
    """
    empty = {"person_id": person_id, "sealed_key": None, "created_at": act.now}
    _insert(act.session, [dict[str, object](empty)])
    gone = act.session.execute(
        sa.update(PersonDataKey)
        .where(PersonDataKey.person_id == person_id, PersonDataKey.destroyed_at.is_(None))
        .values(sealed_key=None, created_at=act.now, destroyed_at=act.now)
        .returning(PersonDataKey.person_id)
    ).all()
    if gone:
        act.emit(DataKeyDestroyed(person_id=person_id))
    return bool(gone)


def reseal(act: Act, most: int = RESEALED_AT_ONCE) -> int:
    """Seal keys anew that an older key of the house seals; how many were taken.

    After that the older key of the house is no longer needed for them.
    """
    current = next(iter(act.house.secrets.keys))
    query = sa.select(
        PersonDataKey.person_id, PersonDataKey.sealed_key, PersonDataKey.created_at
    ).where(
        PersonDataKey.sealed_key.is_not(None),
        ~PersonDataKey.sealed_key.startswith(f"{current}.", autoescape=True),
    )
    taken = act.session.execute(query.order_by(PersonDataKey.person_id).limit(most)).all()
    done = 0
    for person_id, sealed, made_at in taken:
        place = place_of(person_id, made_at)
        try:
            key = act.house.secrets.open(sealed or "", place)
        except UnreadableSecret:
            continue  # verification names it
        act.session.execute(
            sa.update(PersonDataKey)
            .where(PersonDataKey.person_id == person_id, PersonDataKey.sealed_key == sealed)
            .values(sealed_key=act.house.secrets.seal(key, place))
        )
        done += 1
    return done
