"""An owner hears of it when somebody of the station puts their needs together or apart."""

from collections.abc import Callable

from exchange.accounts.queries import concerned
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.undertakings import events
from exchange.listings.undertakings.models import Undertaking
from exchange.notifications.service import notify


def register(bus: EventBus) -> None:
    """Listen to what others do with an owner's needs."""
    for kind, code in (
        (events.UndertakingMade, "undertaking_made"),
        (events.UndertakingChanged, "undertaking_changed"),
        (events.UndertakingDissolved, "undertaking_dissolved"),
    ):
        bus.listen(kind, _tell_owner(code))


def _tell_owner(code: str) -> Callable[[Act, events.UndertakingEvent], None]:
    def tell(act: Act, event: events.UndertakingEvent) -> None:
        if act.actor.is_system or act.actor.belongs_to(event.owner_id):
            return
        undertaking = act.session.get_one(Undertaking, event.undertaking_id)
        gone = isinstance(event, events.UndertakingDissolved)
        link = "/my/undertakings" if gone else f"/undertakings/{undertaking.public_id}"
        people = concerned(act.session, event.owner_id, None)
        notify(act, people, code, {"name": undertaking.name}, link)

    return tell
