"""Opening the personal values of an entry, which is an act of its own."""

import json
from collections.abc import Mapping
from typing import Any

from exchange.accounts.rules import mask_email, mask_phone
from exchange.admin.audit_queries import entry_for
from exchange.admin.concerns import persons
from exchange.audit.data_keys import boxes_to_open
from exchange.audit.events import PersonalValuesRead
from exchange.audit.models import AuditEntry
from exchange.audit.trail import sealed_place
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden
from exchange.kernel.secret_box import SecretBox, UnreadableSecret

MASKS = {"phone_sealed": mask_phone, "email_sealed": mask_email}
Pair = tuple[Any, Any]


class Deleted:
    """Stands for a value whose key is destroyed."""


DELETED = Deleted()
Opened = Mapping[tuple[int, str], Pair]


def owners_of(entry: AuditEntry) -> list[int]:
    """Whose personal values an entry keeps."""
    return sorted({change["of"] for change in entry.changes if "of" in change})


def openable(act_or_session: Any, actor: Actor, entry: AuditEntry) -> set[int]:
    """Whose values a supervisor may open: people in the divisions that they supervise."""
    if not actor.supervises:
        return set()
    found = persons(act_or_session, owners_of(entry))
    return {
        key for key, (one, *_rest) in found.items() if actor.supervises_division(one.division_code)
    }


def open_values(act: Act, public_id: str) -> Opened:
    """Clear values before and after, by number of the change and column; an entry for each person.

    Phone numbers and e-mail addresses stay masked. A value whose key is destroyed is ``DELETED``.
    Raises NotFound and Forbidden.
    """
    entry = entry_for(act.session, act.actor, public_id)
    who = openable(act.session, act.actor, entry)
    if not who:
        raise Forbidden("not_your_area")
    boxes = boxes_to_open(act.session, act.house.secrets, who)
    for person_id in sorted(who):
        act.emit(PersonalValuesRead(person_id=person_id, entry_id=entry.id))
    return {
        (number, column): _pair(boxes.get(change["of"]), change, column, entry.public_id)
        for number, change in enumerate(entry.changes)
        if change.get("of") in who
        for column in change["sealed"]
    }


def _pair(box: SecretBox | None, change: Mapping[str, Any], column: str, entry: str) -> Pair:
    place = sealed_place(change["table"], column, change["row"], entry)
    before, after = (
        _value(box, sealed, f"{place}.{when}", column)
        for when, sealed in zip(("before", "after"), change["sealed"][column], strict=True)
    )
    return before, after


def _value(box: SecretBox | None, sealed: str | None, place: str, column: str) -> Any:
    if sealed is None:
        return None
    if box is None:
        return DELETED
    try:
        value = json.loads(box.open(sealed, place))
    except UnreadableSecret:
        return DELETED
    mask = MASKS.get(column)
    return mask(value) if mask and isinstance(value, str) else value
