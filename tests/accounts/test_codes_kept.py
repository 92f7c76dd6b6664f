"""One-time codes hold an address, so they do not stay."""

from contextlib import nullcontext
from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.codes.jobs import forget_codes_job
from exchange.accounts.codes.service import KEPT, LIFE, issue_code
from exchange.accounts.kinds import CodePurpose
from exchange.accounts.models import OneTimeCode
from exchange.accounts.rules import Address, AddressKind
from exchange.jobs.runner import JobRun
from exchange.kernel.act import House, open_act
from tests.cast import Cast
from tests.conftest import SettableClock

TWO_HOURS = timedelta(hours=2)


def test_codes_go_a_day_after_they_ended_and_no_earlier(
    house: House, cast: Cast, clock: SettableClock
) -> None:
    who = cast.officer
    address = Address(AddressKind.PHONE, who.phone)
    for purpose in (CodePurpose.CONFIRM_PHONE, CodePurpose.RESET_PASSWORD):
        cast.session.commit()
        with open_act(house, lambda: cast.session, who.actor) as act:
            issue_code(act, who.person, address, purpose)
        clock.set(clock.now() + TWO_HOURS)
    run = JobRun(house, lambda: cast.session, nullcontext)
    assert timedelta(hours=1) > LIFE
    for forward, left in ((KEPT - timedelta(hours=5), 2), (TWO_HOURS, 1), (TWO_HOURS, 0)):
        clock.set(clock.now() + forward)
        for _ in range(2):
            forget_codes_job.handler(run, [{}])
            cast.session.rollback()
            assert len(cast.session.scalars(sa.select(OneTimeCode.id)).all()) == left
