"""The one act that stands at the thumb on the page of a match: this reader's next step."""

from dataclasses import dataclass

from flask_babel import gettext as _

from exchange.brokering.deeds.kinds import Deed, DeliveryState
from exchange.brokering.kinds import Answer, MatchState, Step
from exchange.brokering.page.match_panels import MatchView
from exchange.brokering.page.side_panels import SideView

# The parts of the page in their order; that of the next act comes before all of them.
PARTS = (
    "safeguard", "propose", "answer", "agreed", "outcome", "feedback", "judgement", "follow-up",
    "why", "talk", "written", "happened", "problem",
)  # fmt: skip


@dataclass(frozen=True)
class MainAct:
    """A button outside of the form that it sends; ``section`` of the page has that form."""

    form: str
    label: str
    section: str
    name: str = ""
    value: str = ""


def parts_in_order(main: MainAct | None) -> tuple[str, ...]:
    """The parts of the page, that of the next act first."""
    first = (main.section,) if main else ()
    return (*first, *(part for part in PARTS if part not in first))


def main_act(view: MatchView) -> MainAct | None:
    """The next step of this reader; None while they wait for others."""
    return _of_a_side(view) or _of_a_broker(view) or _of_everybody(view)


def _mine(view: MatchView) -> list[SideView]:
    """The sides that the reader speaks for by their own word: none for whoever proposed."""
    if view.is_proposer:
        return []
    return [side for side in view.sides if side.is_mine and not side.is_filed]


def _of_a_side(view: MatchView) -> MainAct | None:
    for side in _mine(view):
        if Step.ANSWER in view.may and side.answer is Answer.PENDING:
            form = f"answer-{side.side.value}"
            return MainAct(form, _("Yes, introduce us"), "answer", "accept", "yes")
    return (
        _change_to_answer(view)
        or _delivery_to_confirm(view, by_receiver=True)
        or _outcome_to_confirm(view)
        or _delivery_to_confirm(view, by_receiver=False)
        or _feedback_to_give(view)
    )


def _outcome_to_confirm(view: MatchView) -> MainAct | None:
    for side in _mine(view):
        if Step.CONFIRM in view.may and view.outcome and not side.confirmed:
            return MainAct(f"confirm-{side.side.value}", _("Confirm the outcome"), "outcome")
    return None


def _feedback_to_give(view: MatchView) -> MainAct | None:
    for said in view.feedback:
        if said.is_mine and not said.helped:
            return MainAct(f"feedback-{said.side.value}", _("Send"), "feedback")
    return None


def _change_to_answer(view: MatchView) -> MainAct | None:
    for item in view.commitments:
        for side, by_proxy in item.change.asks if item.change else ():
            if item.change and not by_proxy:
                form = f"change-{item.change.public_id}-{side.value}"
                return MainAct(form, _("Agree to the change"), "agreed", "accept", "yes")
    return None


def _delivery_to_confirm(view: MatchView, *, by_receiver: bool) -> MainAct | None:
    """What arrived, asked of whoever gets it; or of whoever gave it. An outcome that is confirmed
    confirms both.
    """
    for item in view.commitments:
        for one in item.deliveries:
            sides = [side for side, by_proxy in one.asks if not by_proxy]
            if one.state is DeliveryState.RECORDED and sides and one.waits is by_receiver:
                label = _("Yes, it arrived") if one.waits else _("Yes, it was so")
                form = f"arrived-{one.public_id}-{sides[0].value}"
                return MainAct(form, label, "agreed")
    return None


def _of_a_broker(view: MatchView) -> MainAct | None:
    if Step.PROPOSE in view.may and view.safeguard and not view.safeguard.check:
        return MainAct("step-check", _("Put it on record"), "safeguard")
    if Step.PROPOSE in view.may:
        return MainAct("step-propose", _("Ask both sides"), "propose")
    if Step.COMMIT in view.may and not view.commitments and view.used_up is None:
        return MainAct("step-commit", _("Agree on this amount"), "agreed")
    for one in (one for item in view.commitments for one in item.deliveries):
        if one.may_settle:
            return MainAct(f"settle-{one.public_id}", _("Decide on it"), "agreed")
    return _of_a_broker_after(view)


def _of_a_broker_after(view: MatchView) -> MainAct | None:
    if Step.EVALUATE in view.may and not view.feedback:
        return MainAct("ask-feedback", _("Ask both sides how it was"), "feedback")
    if Step.EVALUATE in view.may:
        return MainAct("step-evaluate", _("Close the file"), "judgement")
    due = [one for one in view.follow_ups if one.is_due]
    if Deed.FOLLOW_UP in view.may_do and due:
        return MainAct(f"follow-up-{due[0].kind.value}", _("Done, keep it"), "follow-up")
    return None


def _of_everybody(view: MatchView) -> MainAct | None:
    if view.outcome:
        return None
    missing = [item for item in view.commitments if item.open_milli]
    if Step.DELIVER in view.may and missing:
        label = _("Record what arrived")
        return MainAct(f"deliver-{missing[0].public_id}", label, "agreed")
    waits = any(
        one.state in (DeliveryState.RECORDED, DeliveryState.DISPUTED)
        for item in view.commitments
        for one in item.deliveries
    )
    if Step.RECORD_OUTCOME in view.may and view.state is MatchState.DELIVERING and not waits:
        return MainAct("step-outcome", _("Save the outcome"), "outcome")
    return None
