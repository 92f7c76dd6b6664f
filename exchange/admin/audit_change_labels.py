"""The words for changes that belong to no act with a name: which rows, and what became of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.admin.audit_labels import event_label, table_label
from exchange.audit.models import AuditEntry
from exchange.audit.trail import NO_EVENT

MESSAGE = "volunteer_message_recipient"
# By table and what became of its row: what was done, as the person whom it concerns reads it.
TO_ONESELF: Mapping[tuple[str, str], Any] = {
    (MESSAGE, "new"): _l("Sent you a message about a shift"),
}
# What no report of a stranger sets off: whoever it concerns may read for whom it was done.
DONE_OPENLY = frozenset({MESSAGE})


def act_label(entry: AuditEntry, *, to_oneself: bool = False) -> str:
    """What was done; of changes without an act of their own, what they are changes of."""
    if entry.event != NO_EVENT or not entry.changes:
        return event_label(entry.event)
    if to_oneself:
        own = [TO_ONESELF.get((one["table"], one["kind"])) for one in entry.changes]
        if all(own):
            return _joined(str(words) for words in own)
    return str(_("Changed data: %(what)s", what=_joined(_tables(entry))))


def is_done_openly(entry: AuditEntry) -> bool:
    """Changes of nothing but such rows."""
    return entry.event == NO_EVENT and bool(entry.changes) and DONE_OPENLY.issuperset(
        one["table"] for one in entry.changes
    )  # fmt: skip


def _tables(entry: AuditEntry) -> Iterable[str]:
    return (table_label(one["table"]) for one in entry.changes)


def _joined(words: Iterable[str]) -> str:
    return str(_(", ")).join(dict.fromkeys(words))
