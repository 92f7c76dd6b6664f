"""The words of work between service points: its notices, and what is refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

POINT_NOTICES: dict[str, Any] = {}

POINT_REFUSALS = {
    "centre_settings_changed": _l(
        "Somebody else has just changed these settings. Please look again."
    ),
    "reminder_after_lapse": _l("The reminder must come before the proposal lapses."),
}
