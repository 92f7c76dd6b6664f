"""What follows when other weights are in force: suggestions are computed anew, people are told."""

from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.matching.jobs import request_refresh
from exchange.matching.learning.events import WeightsChanged, WeightsFellBack, WeightsLearned
from exchange.matching.learning.queries import people_to_tell
from exchange.notifications.service import notify

REPORT = "/console/learning"


def listen(bus: EventBus) -> None:
    """Hear of weights."""
    bus.listen(WeightsChanged, on_changed)
    bus.listen(WeightsLearned, on_learned)
    bus.listen(WeightsFellBack, on_fell_back)


def on_changed(act: Act, _event: WeightsChanged) -> None:
    """Scores are made with others from now on."""
    request_refresh(act, again=False)


def on_learned(act: Act, event: WeightsLearned) -> None:
    """Say so to those who run the site and to the centres."""
    people = people_to_tell(act.session)
    notify(act, people, "weights_learned", {"count": event.decisions}, REPORT)


def on_fell_back(act: Act, _event: WeightsFellBack) -> None:
    """Say so to the same people."""
    notify(act, people_to_tell(act.session), "weights_fell_back", {}, REPORT)
