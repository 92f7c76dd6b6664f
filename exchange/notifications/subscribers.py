"""Who is told of what happens to people and organisations."""

from collections.abc import Callable

import sqlalchemy as sa

from exchange.accounts import events
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.queries import both_names, brokers_serving, invited_person, managers_of
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.delivering import lines_of
from exchange.notifications.events import DeliveryUnreachable, WechatBound, WechatUnbound
from exchange.notifications.models import Delivery
from exchange.notifications.out_paths import path_out
from exchange.notifications.routing import Parcel, send_out
from exchange.notifications.service import notify
from exchange.notifications.wechat.service import MOVED, OWN

WECHAT_PAGE = "/me/messages"


def register(bus: EventBus) -> None:
    """Listen to the news of the accounts room."""
    bus.listen(events.VerificationRequested, _verification_requested)
    bus.listen(events.OrganisationVerified, _decided("organisation_verified"))
    bus.listen(events.VerificationRefused, _decided("organisation_refused"))
    bus.listen(events.MemberInvited, _invited)
    bus.listen(events.SignUpRepeated, _sign_up_repeated)
    bus.listen(events.PasswordChanged, _password_changed)
    bus.listen(WechatBound, _wechat_bound)
    bus.listen(WechatUnbound, _wechat_unbound)
    bus.listen(DeliveryUnreachable, _another_way)


def _verification_requested(act: Act, event: events.VerificationRequested) -> None:
    organisation = act.session.get_one(Organisation, event.organisation_id)
    people = brokers_serving(act.session, organisation.division_code)
    notify(
        act,
        people,
        "verification_requested",
        {"organisation": both_names(organisation)},
        "/verification",
        dedupe_key=f"verification:{event.request_id}",
    )


def _decided(code: str) -> Callable[[Act, events.VerificationDecided], None]:
    def tell(act: Act, event: events.VerificationDecided) -> None:
        organisation = act.session.get_one(Organisation, event.organisation_id)
        people = set(managers_of(act.session, organisation.id))
        asked_by = act.session.scalar(
            sa.select(VerificationRequest.asked_by_id).where(
                VerificationRequest.id == event.request_id
            )
        )
        people |= {asked_by} if asked_by else set()
        notify(
            act,
            people,
            code,
            {"organisation": both_names(organisation)},
            f"/organisations/{organisation.public_id}",
        )

    return tell


def _invited(act: Act, event: events.MemberInvited) -> None:
    person_id = invited_person(act.session, event.invitation_id)
    if person_id is not None:
        organisation = act.session.get_one(Organisation, event.organisation_id)
        notify(
            act,
            {person_id},
            "member_invited",
            {"organisation": both_names(organisation)},
            "/me",
            dedupe_key=f"invitation:{event.invitation_id}",
        )


def _sign_up_repeated(act: Act, event: events.SignUpRepeated) -> None:
    notify(act, {event.person_id}, "sign_up_repeated", {}, "/me")


def _password_changed(act: Act, event: events.PasswordChanged) -> None:
    notify(act, {event.person_id}, "password_changed", {}, "/me", also_actor=True)


def _wechat_bound(act: Act, event: WechatBound) -> None:
    notify(act, {event.person_id}, "wechat_bound", {}, WECHAT_PAGE)


def _wechat_unbound(act: Act, event: WechatUnbound) -> None:
    """Whoever has done it on their own page knows."""
    if event.cause != OWN:
        code = "wechat_moved" if event.cause == MOVED else "wechat_lost"
        notify(act, {event.person_id}, code, {}, WECHAT_PAGE)


def _another_way(act: Act, event: DeliveryUnreachable) -> None:
    """What was in the message goes by the channels that are left, by what the person chose."""
    delivery = act.session.get_one(Delivery, event.delivery_id)
    parcels = [
        Parcel(line.notice, path_out(act.house.secrets, line) if line.path_sealed else None)
        for line in lines_of(act, delivery)
    ]
    send_out(act, [delivery.notice.person], parcels)
