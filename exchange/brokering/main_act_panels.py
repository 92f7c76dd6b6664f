"""The one act that stands at the thumb on the page of a match: this reader's next step."""

from dataclasses import dataclass

from flask_babel import gettext as _

from exchange.brokering.kinds import Answer, MatchState, Step
from exchange.brokering.match_panels import MatchView
from exchange.brokering.side_panels import SideView


@dataclass(frozen=True)
class MainAct:
    """A button outside of the form that it sends."""

    form: str
    label: str
    name: str = ""
    value: str = ""


def main_act(view: MatchView) -> MainAct | None:
    """The next step of this reader; None while they wait for others."""
    return _of_a_side(view) or _of_a_broker(view) or _of_everybody(view)


def _mine(view: MatchView) -> list[SideView]:
    """The sides that the reader speaks for: none for whoever proposed."""
    return [] if view.is_proposer else [side for side in view.sides if side.is_mine]


def _of_a_side(view: MatchView) -> MainAct | None:
    for side in _mine(view):
        name = side.side.value
        if Step.ANSWER in view.may and side.answer is Answer.PENDING:
            return MainAct(f"answer-{name}", _("Yes, introduce us"), "accept", "yes")
        if Step.CONFIRM in view.may and view.outcome and not side.confirmed:
            return MainAct(f"confirm-{name}", _("Confirm the outcome"))
    return None


def _of_a_broker(view: MatchView) -> MainAct | None:
    if Step.PROPOSE in view.may and view.safeguard and not view.safeguard.check:
        return MainAct("step-check", _("Put it on record"))
    if Step.PROPOSE in view.may:
        return MainAct("step-propose", _("Ask both sides"))
    if Step.COMMIT in view.may and not view.commitments:
        return MainAct("step-commit", _("Agree on this amount"))
    if Step.EVALUATE in view.may:
        return MainAct("step-evaluate", _("Close the file"))
    return None


def _of_everybody(view: MatchView) -> MainAct | None:
    if view.outcome:
        return None
    missing = [item for item in view.commitments if item.open_milli]
    if Step.DELIVER in view.may and missing:
        return MainAct(f"deliver-{missing[0].public_id}", _("Record what arrived"))
    if Step.RECORD_OUTCOME in view.may and view.state is MatchState.DELIVERING:
        return MainAct("step-outcome", _("Save the outcome"))
    return None
