"""Who is told of an organisation's standing: its managers, and who looks at its request."""

from collections.abc import Callable

from exchange.accounts import events
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.queries import both_names, brokers_serving, managers_of
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify


def register(bus: EventBus) -> None:
    """Listen to the news of verification."""
    bus.listen(events.VerificationAnswered, _answered)
    bus.listen(events.VerificationExpiresSoon, _expires_soon)
    for kind, code in (
        (events.VerificationMoreWanted, "verification_more_wanted"),
        (events.VerificationLapsed, "verification_lapsed"),
        (events.OrganisationSuspended, "organisation_suspended"),
        (events.SuspensionLifted, "suspension_lifted"),
    ):
        bus.listen(kind, _tell_managers(code))


def _tell_managers(code: str) -> Callable[[Act, events.OrganisationEvent], None]:
    def tell(act: Act, event: events.OrganisationEvent) -> None:
        organisation = act.session.get_one(Organisation, event.organisation_id)
        people = managers_of(act.session, organisation.id)
        values = {"organisation": both_names(organisation)}
        notify(act, people, code, values, f"/organisations/{organisation.public_id}")

    return tell


def _expires_soon(act: Act, event: events.VerificationExpiresSoon) -> None:
    organisation = act.session.get_one(Organisation, event.organisation_id)
    left = (organisation.verified_until - act.today).days if organisation.verified_until else 0
    notify(
        act,
        managers_of(act.session, organisation.id),
        "verification_expires_soon",
        {"organisation": both_names(organisation), "days": left},
        f"/organisations/{organisation.public_id}/verification",
        dedupe_key=f"renewal:{organisation.id}:{organisation.verified_until}:{event.days}",
    )


def _answered(act: Act, event: events.VerificationAnswered) -> None:
    """Whoever looks at it; where nobody does, all who serve the place."""
    request = act.session.get_one(VerificationRequest, event.request_id)
    organisation = act.session.get_one(Organisation, event.organisation_id)
    claimed = request.claimed_by_id
    people = (claimed,) if claimed else brokers_serving(act.session, organisation.division_code)
    values = {"organisation": both_names(organisation)}
    notify(act, people, "verification_answered", values, f"/verification/{request.public_id}")
