"""Why an account cannot be closed, in the reader's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.accounts.closing.obstacles import Obstacle

OBSTACLES: dict[str, Any] = {
    "closing_last_manager": _l("“%(name)s” has no other manager. Make somebody else one first."),
    "closing_last_supervisor": _l(
        "“%(name)s” has no other supervisor. Another supervisor or the operator names one first."
    ),
    "closing_last_operator": _l("You are the only operator of this site."),
    "closing_stands_in": _l(
        "You stand in for a colleague who is away. They or your supervisor choose somebody else "
        "first."
    ),
    "closing_open_cases": _l("%(count)s cases are in your hands. Hand them over first."),
    "closing_live_matches": _l(
        "In %(count)s matches both sides have met already. Bring them to an end first, or ask your "
        "social worker to."
    ),
}
LINKS: dict[str, Any] = {
    "closing_last_manager": _l("Members"),
    "closing_last_supervisor": _l("Who serves there"),
    "closing_open_cases": _l("Hand over"),
    "closing_live_matches": _l("Look at the match"),
}
SENTENCES: dict[str, Any] = {
    **OBSTACLES,
    "closing_duties_open": _l(
        "The account cannot be closed yet: %(count)s things must be settled first."
    ),
    "closing_not_yourself": _l("Your own account is closed on your own page."),
}


def obstacle_words(one: Obstacle) -> str:
    """The sentence."""
    text = str(OBSTACLES[one.code])
    return text % one.params if one.params else text
