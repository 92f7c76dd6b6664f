"""Signed links that ended long ago do not stay."""

from contextlib import nullcontext
from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.links.jobs import forget_links_job
from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import KEPT, issue_link
from exchange.jobs.runner import JobRun
from exchange.kernel.act import House, open_act
from tests.cast import Cast
from tests.conftest import SettableClock


def test_links_go_when_they_ended_long_ago_and_no_earlier(
    house: House, cast: Cast, clock: SettableClock
) -> None:
    who = cast.officer
    for subject, days in (("one", 1), ("two", 30)):
        with open_act(house, lambda: cast.session, who.actor) as act:
            until = act.now + timedelta(days=days)
            issue_link(act, LinkPurpose.RENEW, subject, who.person_id, who.organisation_id, until)
    clock.forward(days=KEPT.days + 2)
    run = JobRun(house, lambda: cast.session, nullcontext)
    for _ in range(2):
        forget_links_job.handler(run, [{}])
        cast.session.rollback()
        assert list(cast.session.scalars(sa.select(SignedLink.subject))) == ["two"]
