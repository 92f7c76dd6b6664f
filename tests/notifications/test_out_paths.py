"""A signed link travels in the message alone: sealed until it is sent, and gone afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.kernel.act import Act, House
from exchange.notifications.channels import SENDERS
from exchange.notifications.models import Delivery, Notice
from exchange.notifications.port import Message
from exchange.notifications.service import notify
from tests.cast import Cast, Player

OpenAct = Callable[..., AbstractContextManager[Act]]
SIGNED = "/answer/s3cr3t-t0ken"


class Taken(list[Message]):
    """Takes every message."""

    def send(self, message: Message) -> None:
        self.append(message)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def give_mail(cast: Cast, who: Player) -> None:
    person = who.person
    address = Address(AddressKind.EMAIL, f"{who.phone}@village.example")
    set_address(cast.house.secrets, person, address, cast.now)
    cast.session.commit()


def test_the_message_leads_by_the_signed_link_and_the_notice_to_the_page(
    cast: Cast,
    act_as: OpenAct,
    session: Session,
    house: House,
    client: FlaskClient,
    run_jobs: Callable[[], int],
) -> None:
    taken = house.resources.setdefault(SENDERS, {})["email"] = Taken()
    for who in (cast.officer, cast.enterprise):
        give_mail(cast, who)
    people, out_paths = {cast.officer.person_id, cast.enterprise.person_id}, {}
    out_paths[cast.officer.person_id] = SIGNED
    session.commit()
    with act_as() as act:
        notify(act, people, "password_changed", {}, "/notices", out_paths=out_paths)
    kept = session.scalars(sa.select(Delivery.path_sealed).where(Delivery.channel == "email")).all()
    assert sorted(path is None for path in kept) == [False, True]
    assert not any(SIGNED in (path or "") for path in kept)
    session.rollback()
    run_jobs()
    texts = {message.to: message.text for message in taken}
    assert SIGNED in texts[f"{cast.officer.phone}@village.example"]
    assert SIGNED not in texts[f"{cast.enterprise.phone}@village.example"]
    assert session.scalars(sa.select(Delivery.path_sealed)).all().count(None) == len(
        session.scalars(sa.select(Delivery.id)).all()
    )
    of_officer = sa.select(Notice.public_id).where(Notice.person_id == cast.officer.person_id)
    public_id = session.scalars(of_officer).one()
    cast.sign_in(client, cast.officer)
    assert client.post(f"/notices/{public_id}").location == "/notices"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "answer/x"])
def test_a_path_that_leaves_the_site_is_refused(cast: Cast, act_as: OpenAct, path: str) -> None:
    give_mail(cast, cast.officer)
    person_id = cast.officer.person_id
    cast.session.commit()
    with pytest.raises(ValueError, match="this site"), act_as() as act:
        notify(act, {person_id}, "password_changed", {}, "/me", out_paths={person_id: path})
