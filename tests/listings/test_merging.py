"""Two needs become one, and two again: who may, what it changes, and what stands in its way."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.act import Act, House
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.merging.models import NeedMerge
from exchange.listings.merging.queries import kept_need
from exchange.listings.models import Listing
from exchange.listings.service import merge_needs, undo_merge, withdraw_listing
from exchange.notifications.models import Notice
from tests.cast import VILLAGE, Cast, Player
from tests.factories import make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


class Twins:
    """The officer's need and the neighbour's, which ask for the same."""

    def __init__(self, house: House, cast: Cast, act_as: ActAs) -> None:
        self.cast, self.act_as, self.session = cast, act_as, cast.session
        self.neighbour = cast.make_player("吴山", VILLAGE)
        self.merged_id = make_listing(house, self.neighbour, Side.NEED, title="缺微耕机").id
        self.kept_id = make_listing(house, cast.officer, Side.NEED).id

    def get(self, listing_id: int) -> Listing:
        self.session.rollback()
        return self.session.get_one(Listing, listing_id)

    @property
    def merged(self) -> Listing:
        return self.get(self.merged_id)

    @property
    def kept(self) -> Listing:
        return self.get(self.kept_id)

    def merge(self, who: Player | None = None, **versions: int) -> None:
        with self.act_as((who or self.cast.broker).actor) as act:
            find = act.session.get_one
            merge_needs(act, find(Listing, self.merged_id), find(Listing, self.kept_id), **versions)

    def undo(self, who: Player | None = None) -> None:
        with self.act_as((who or self.cast.broker).actor) as act:
            undo_merge(act, act.session.get_one(Listing, self.merged_id))


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def twins(house: House, cast: Cast, act_as: ActAs) -> Twins:
    return Twins(house, cast, act_as)


def stand_of(listing: Listing) -> dict[str, Any]:
    """All that undoing a merge must bring back."""
    passing = {"version", "updated_at"}
    return {
        column.key: getattr(listing, column.key)
        for column in sa.inspect(Listing).column_attrs
        if column.key not in passing
    }


def test_a_merge_and_its_undoing_leave_everything_as_it_was(twins: Twins) -> None:
    before = stand_of(twins.merged), stand_of(twins.kept)
    twins.merge()
    assert twins.merged.state is State.MERGED
    assert stand_of(twins.kept) == before[1]
    kept = kept_need(twins.session, twins.merged)
    assert kept is not None
    assert kept.id == twins.kept_id
    twins.undo(twins.cast.supervisor)
    assert (stand_of(twins.merged), stand_of(twins.kept)) == before
    assert kept_need(twins.session, twins.merged) is None
    events = twins.session.scalars(sa.select(AuditEntry.event)).all()
    assert {"NeedMerged", "MergeUndone"} <= set(events)
    twins.merge()  # and it may be done again
    assert twins.session.query(NeedMerge).count() == 2


def test_the_owner_is_told_of_both(twins: Twins) -> None:
    twins.merge()
    twins.undo()
    query = sa.select(Notice.code).where(Notice.person_id == twins.neighbour.person_id)
    assert list(twins.session.scalars(query.order_by(Notice.id))) == [
        "need_merged", "merge_undone",
    ]  # fmt: skip


def test_the_owner_hears_when_the_kept_need_ends_unmet(twins: Twins) -> None:
    twins.merge()
    with twins.act_as(twins.cast.officer.actor) as act:
        withdraw_listing(act, act.session.get_one(Listing, twins.kept_id))
    query = sa.select(Notice.code).where(Notice.person_id == twins.neighbour.person_id)
    assert "merged_kept_ended" in twins.session.scalars(query).all()
    twins.undo()  # and that is still possible
    assert twins.merged.state is State.PUBLISHED


def test_who_may_not_see_the_kept_need_is_not_told_its_title(twins: Twins) -> None:
    twins.kept.visibility = Visibility.BROKERS
    twins.session.commit()
    twins.merge()
    query = sa.select(Notice).where(Notice.person_id == twins.neighbour.person_id)
    told = twins.session.scalars(query).one()
    assert told.code == "need_merged_quietly"
    assert "kept" not in told.params


@pytest.mark.parametrize("who", ["officer", "stranger", "enterprise"])
def test_only_brokers_of_the_place_merge(twins: Twins, who: str) -> None:
    with pytest.raises(Forbidden):
        twins.merge(getattr(twins.cast, who))
    twins.merge()
    with pytest.raises(Forbidden):
        twins.undo(getattr(twins.cast, who))


def test_a_broker_does_not_join_the_needs_of_others_with_their_own(
    twins: Twins, house: House
) -> None:
    own = make_listing(house, twins.cast.broker, Side.NEED, division_code=VILLAGE).id
    twins.kept_id = own
    with pytest.raises(Forbidden):
        twins.merge()
    twins.kept_id, twins.merged_id = twins.merged_id, own
    twins.merge()


def test_what_was_changed_meanwhile_is_not_merged(twins: Twins) -> None:
    with pytest.raises(Conflict, match="changed_meanwhile"):
        twins.merge(merged_version=7)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        twins.merge(kept_version=7)
    twins.merge(merged_version=1, kept_version=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"committed_milli": 1000, "state": State.PARTLY_MATCHED}, "merge_promised"),
        ({"state": State.EXPIRED}, "listing_state"),
        ({"side": Side.OFFER}, "merge_only_needs"),
    ],
)
def test_what_may_not_be_merged_away(twins: Twins, changes: dict[str, Any], code: str) -> None:
    for name, value in changes.items():
        setattr(twins.merged, name, value)
        twins.session.commit()
    with pytest.raises(Conflict) as refused:
        twins.merge()
    assert refused.value.code == code


def test_neither_goes_into_itself_nor_into_what_is_closed(twins: Twins) -> None:
    kept = twins.kept_id
    twins.kept_id = twins.merged_id
    with pytest.raises(Conflict):
        twins.merge()
    twins.kept_id = kept
    twins.merge()
    twins.merged_id, twins.kept_id = twins.kept_id, twins.merged_id
    with pytest.raises(Conflict) as refused:  # the other way round at the same moment
        twins.merge()
    assert refused.value.code == "merge_kept_closed"


def test_merges_lead_on_through_merges(twins: Twins, house: House) -> None:
    third = make_listing(house, twins.cast.officer, Side.NEED).id
    twins.merge()
    first, twins.merged_id, twins.kept_id = twins.merged_id, twins.kept_id, third
    twins.merge()
    found = kept_need(twins.session, twins.get(first))
    assert found is not None
    assert found.id == third


def test_what_ended_meanwhile_or_was_withdrawn_is_not_brought_back(twins: Twins) -> None:
    twins.merge()
    twins.merged.to_date = date(2026, 11, 1)
    twins.session.commit()
    twins.undo()
    assert twins.merged.state is State.EXPIRED
    with pytest.raises(Conflict) as refused:
        twins.undo()
    assert refused.value.code == "merge_undone"


def test_the_owner_may_withdraw_a_merged_need_and_then_it_stays_withdrawn(twins: Twins) -> None:
    twins.merge()
    with twins.act_as(twins.neighbour.actor) as act:
        withdraw_listing(act, act.session.get_one(Listing, twins.merged_id))
    with pytest.raises(Conflict):
        twins.undo()


def test_what_waited_for_review_waits_again(twins: Twins) -> None:
    twins.merged.state = State.SUBMITTED
    twins.session.commit()
    twins.merge()
    twins.undo()
    assert twins.merged.state is State.SUBMITTED


def test_the_pages_lead_strangers_on_and_brokers_back(twins: Twins, client: FlaskClient) -> None:
    merged, kept = twins.merged.public_id, twins.kept.public_id
    twins.cast.sign_in(client, twins.cast.broker)
    data = {"into": kept, "version": 1, "into_version": 1}
    answer = client.post(f"/listings/{merged}/merge", data=data)
    assert answer.headers["Location"].endswith(kept)
    assert "缺微耕机" in client.get(f"/listings/{kept}").text
    assert f"/listings/{merged}/unmerge" in client.get(f"/listings/{merged}").text
    stale = client.post(f"/listings/{merged}/merge", data=data, follow_redirects=True)
    assert stale.status_code == 200
    visitor = client.application.test_client()
    assert visitor.get(f"/listings/{merged}").headers["Location"].endswith(kept)
    assert "缺微耕机" not in visitor.get(f"/listings/{kept}").text
    told = visitor.get(f"/api/v1/listings/{merged}").json
    assert (told["state"], told["merged_into"]["id"]) == ("merged", kept)
    owner = client.application.test_client()
    twins.cast.sign_in(owner, twins.neighbour)
    page = owner.get(f"/listings/{merged}")
    assert page.status_code == 200
    assert f"/listings/{kept}" in page.text
    assert "unmerge" not in page.text
    assert owner.post(f"/listings/{merged}/unmerge").status_code == 403
    done = client.post(f"/listings/{merged}/unmerge", data={"version": 2})
    assert done.headers["Location"].endswith(merged)
    assert twins.merged.state is State.PUBLISHED


def test_a_page_without_versions_merges_nothing(twins: Twins, client: FlaskClient) -> None:
    merged, kept = twins.merged.public_id, twins.kept.public_id
    twins.cast.sign_in(client, twins.cast.broker)
    client.post(f"/listings/{merged}/merge", data={"into": kept})
    assert twins.merged.state is State.PUBLISHED
    assert client.post(f"/listings/{merged}/merge", data={"into": "?"}).status_code == 404
