"""Two people at one undertaking, or at one need, at the same moment."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act, House
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.listings.undertakings.rules import MOST_PARTS
from exchange.listings.undertakings.service import make_undertaking
from tests.cast import Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.factories import make_listing
from tests.invariants import broken

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]


def needs_of(house: House, cast: Cast, number: int) -> list[int]:
    return [
        make_listing(house, cast.officer, Side.NEED, title=f"需求{one}").id for one in range(number)
    ]


def made(act_as: OpenAct, cast: Cast, name: str, *ids: int) -> str:
    with act_as(cast.officer.actor) as act:
        return make_undertaking(
            act, name, "", [act.session.get_one(Listing, key) for key in ids]
        ).public_id


def homes(session: Session) -> Counter[str]:
    """How many needs each undertaking has; nothing else is wrong either."""
    assert broken(session) == []
    query = sa.select(Undertaking.name).join(
        UndertakingPart, UndertakingPart.undertaking_id == Undertaking.id
    )
    return Counter(session.scalars(query))


def test_one_need_goes_into_exactly_one_of_eight_undertakings(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    wanted, *own = needs_of(house, cast, FIGHTERS + 1)
    keys = [made(act_as, cast, f"事{number}", key) for number, key in enumerate(own)]
    who = [cast.officer, cast.broker] * (FIGHTERS // 2)
    session.rollback()
    answers = fight(
        [
            Task("put_in", player, {"undertaking": key, "need_id": wanted})
            for player, key in zip(who, keys, strict=True)
        ]
    )
    assert len(answers.winners) == 1
    assert answers.reasons == ["undertaking_need_taken"] * (FIGHTERS - 1)
    assert sorted(homes(session).values()) == [1] * (FIGHTERS - 1) + [2]
    entries = sa.select(sa.func.count()).where(AuditEntry.event == "NeedGrouped")
    assert session.scalar(entries) == FIGHTERS + 1


def test_the_same_needs_put_together_eight_times_at_once_are_together_once(
    house: House, cast: Cast, session: Session, fight: Fight
) -> None:
    ids = needs_of(house, cast, 3)
    officer, broker = cast.officer, cast.broker
    session.rollback()
    same = {"name": "加工坊", "need_ids": ids}
    other = {"name": "别的事", "need_ids": ids[1:]}
    answers = fight(
        [Task("group", who, what) for who in (officer, broker) for what in (same, other)] * 2
    )
    assert len(set(answers.winners)) == 1
    assert set(answers.reasons) == {"undertaking_need_taken"}
    assert len(answers.winners) == FIGHTERS // 2
    [(name, number)] = homes(session).items()
    assert number == {"加工坊": 3, "别的事": 2}[name]


def test_the_last_free_place_goes_to_one(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    ids = needs_of(house, cast, MOST_PARTS - 1 + FIGHTERS)
    key = made(act_as, cast, "加工坊", *ids[: MOST_PARTS - 1])
    session.rollback()
    answers = fight(
        [
            Task("put_in", cast.officer, {"undertaking": key, "need_id": one})
            for one in ids[MOST_PARTS - 1 :]
        ]
    )
    assert len(answers.winners) == 1
    assert answers.reasons == ["undertaking_full"] * (FIGHTERS - 1)
    assert homes(session) == {"加工坊": MOST_PARTS}


def test_of_those_who_rename_and_dissolve_at_once_nobody_overwrites_what_they_did_not_read(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    ids = needs_of(house, cast, 2)
    key = made(act_as, cast, "加工坊", *ids)
    officer = cast.officer
    session.rollback()
    tasks = [
        Task("rename", officer, {"undertaking": key, "name": f"名字{number}", "version": 1})
        for number in range(6)
    ]
    gone = Task("dissolve", officer, {"undertaking": key})
    answers = fight([*tasks, gone, gone])
    renamed = [one for one in answers.done[:6] if one]
    assert len(renamed) <= 1
    assert set(answers.reasons) <= {"changed_meanwhile", "not_found"}
    assert answers.done[6:].count(key) == 1
    assert homes(session) == {}
    assert session.scalar(sa.select(sa.func.count(Undertaking.id))) == 0
    assert len(session.scalars(sa.select(Listing.id).where(Listing.id.in_(ids))).all()) == 2


def test_putting_together_and_taking_up_at_once_do_not_wait_for_each_other(
    house: House, cast: Cast, session: Session, fight: Fight
) -> None:
    ids = needs_of(house, cast, 4)
    offer = make_listing(house, cast.enterprise, Side.OFFER).id
    officer, broker = cast.officer, cast.broker
    session.rollback()
    tasks = []
    for one in ids:
        tasks.append(Task("group", officer, {"name": f"事{one}", "need_ids": [one]}))
        tasks.append(Task("claim_pair", broker, {"need_id": one, "offer_id": offer}))
    answers = fight(tasks)
    assert answers.reasons == []
    assert len(homes(session)) == 4
