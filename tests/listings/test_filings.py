"""Filing for a villager without a phone: consent, private data, its end; through services."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.files.models import StoredFile
from exchange.kernel.act import Act
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.discarding import discard_draft
from exchange.listings.filing import service as filing_service
from exchange.listings.filing.events import FilingShown
from exchange.listings.filing.forgetting import forget_due
from exchange.listings.filing.kinds import FilingConsent, FilingState
from exchange.listings.filing.models import Filing, PaperForm
from exchange.listings.filing.paper import give_out_forms
from exchange.listings.filing.permissions import can_look_after, looked_after_by
from exchange.listings.filing.private import Villager
from exchange.listings.filing.rules import NO_CONSENT
from exchange.listings.filing.service import (
    file_for,
    put_right,
    record_consent,
    show_villager,
    withdraw_consent,
)
from exchange.listings.filing.showing import can_see_form
from exchange.listings.kinds import Door, State
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.publishing import hold_listing, post_again, submit_listing, withdraw_listing
from tests.cast import Cast
from tests.conftest import SettableClock
from tests.listings.filing_scene import (
    GRANNY,
    SECRETS,
    picture,
    published,
    said_so,
    tidy,
)

ActAs = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    made = Cast(app, session)
    for player in (made.officer, made.broker, made.supervisor, made.stranger):
        assert player.person_id
    return made


def filed(session: Session, public_id: str) -> Filing:
    session.rollback()
    return session.query(Filing).filter_by(public_id=public_id).one()


def test_with_consent_it_is_posted_and_nothing_private_stands_in_clear(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    with act_as(cast.officer.actor) as act:
        public_id = published(act).public_id
    filing = filed(session, public_id)
    assert filing.state is FilingState.GIVEN
    assert filing.listing.state is State.PUBLISHED
    assert filing.private_sealed
    everything = [
        str(value)
        for table in sa.inspect(session.get_bind()).get_table_names()
        for row in session.execute(sa.text(f'SELECT * FROM "{table}"'))  # noqa: S608
        for value in row
    ]
    assert [word for word in SECRETS for value in everything if word in value] == []


def test_without_consent_it_stays_a_draft(cast: Cast, act_as: ActAs, session: Session) -> None:
    with act_as(cast.officer.actor) as act:
        filing = file_for(act, Door.HELP, GRANNY)
        tidy(act, filing)
        public_id = filing.public_id
    with pytest.raises(Forbidden) as refused, act_as(cast.officer.actor) as act:
        submit_listing(act, session.query(Filing).one().listing)
    assert refused.value.code == "filing_no_consent"
    with act_as(cast.officer.actor) as act:
        submit_listing(act, record_consent(act, public_id, said_so()).listing)
    assert filed(session, public_id).listing.state is State.PUBLISHED
    with pytest.raises(Conflict), act_as(cast.officer.actor) as act:
        record_consent(act, public_id, said_so())


def test_an_officer_files_for_their_own_village_alone(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    cast.make_place("520422102244")
    with pytest.raises(Forbidden) as refused, act_as(cast.officer.actor) as act:
        published(act, division_code="520422102244")
    assert refused.value.code == "filing_place"
    with act_as(cast.broker.actor) as act:
        assert published(act, division_code="520422102244").listing.state is State.PUBLISHED


def test_who_is_neither_officer_nor_worker_files_for_nobody(cast: Cast, act_as: ActAs) -> None:
    for player in (cast.enterprise, cast.stranger):
        with pytest.raises(Forbidden), act_as(player.actor) as act:
            file_for(act, Door.HELP, GRANNY, said_so())
        with pytest.raises(Forbidden), act_as(player.actor) as act:
            give_out_forms(act, 1)


@pytest.mark.parametrize(
    ("who", "given", "field"),
    [
        (Villager("", GRANNY.reach, GRANNY.words), NO_CONSENT, "name"),
        (Villager("张", " ", GRANNY.words), NO_CONSENT, "reach"),
        (Villager("张", "李", "\0 "), NO_CONSENT, "words"),
        (Villager("张" * 81, "李", "瓦"), NO_CONSENT, "name"),
        (Villager("张", "李" * 301, "瓦"), NO_CONSENT, "reach"),
        (GRANNY, said_so(to_publish=False), "to_publish"),
        (GRANNY, said_so(kind=FilingConsent.PHOTO), "photos"),
        (GRANNY, said_so(heard_by="人" * 81), "heard_by"),
    ],
)
def test_what_is_missing_stands_beside_its_field(
    cast: Cast, act_as: ActAs, who: Villager, given: object, field: str
) -> None:
    with pytest.raises(Invalid) as refused, act_as(cast.officer.actor) as act:
        file_for(act, Door.HELP, who, given)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid) as refused, act_as(cast.officer.actor) as act:
        file_for(act, Door.OFFER, GRANNY)
    assert list(refused.value.fields) == ["door"]


def test_a_paper_form_is_entered_once(cast: Cast, act_as: ActAs, session: Session) -> None:
    with act_as(cast.broker.actor) as act:
        give_out_forms(act, 2)
    numbers = [one.number for one in session.query(PaperForm).order_by(PaperForm.id)]
    session.rollback()
    with act_as(cast.officer.actor) as act:
        first = file_for(act, Door.HELP, GRANNY, number=numbers[0])
        assert first.code == numbers[0]
    for number, code in (
        (numbers[0], "filing_form_used"), ("0000999-0", "filing_form_unknown"),
        ("hello", "filing_form_unknown"), (numbers[1][:-1] + "x", "filing_form_unknown"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused, act_as(cast.broker.actor) as act:
            file_for(act, Door.HELP, GRANNY, number=number)
        assert refused.value.fields == {"number": [code]}
    with pytest.raises(Invalid), act_as(cast.officer.actor) as act:
        give_out_forms(act, 51)


def test_two_who_enter_one_form_at_the_same_moment(
    cast: Cast, act_as: ActAs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with act_as(cast.broker.actor) as act:
        give_out_forms(act, 1)
    number = session.query(PaperForm).one().number
    session.rollback()
    with act_as(cast.officer.actor) as act:
        file_for(act, Door.HELP, GRANNY, number=number)
    monkeypatch.setattr(filing_service, "filing_of_form", lambda *_asked: None)
    with pytest.raises(Invalid) as refused, act_as(cast.broker.actor) as act:
        file_for(act, Door.HELP, GRANNY, number=number)
    assert refused.value.fields == {"number": ["filing_form_used"]}
    assert session.query(Listing).count() == 1


def test_each_look_is_on_record_and_strangers_see_nothing(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    with act_as(cast.officer.actor) as act:
        given = said_so(kind=FilingConsent.PHOTO, note="在村委会签的")
        filing = file_for(act, Door.HELP, GRANNY, given, [picture()])
        tidy(act, filing)
        submit_listing(act, filing.listing)
        public_id = filing.public_id
    file = session.query(StoredFile).one()
    assert not can_see_form(session, cast.officer.actor, file)
    seen: list[FilingShown] = []
    cast.house.bus.listen(FilingShown, lambda _act, event: seen.append(event))
    for player in (cast.officer, cast.broker, cast.supervisor):
        with act_as(player.actor) as act:
            assert show_villager(act, public_id).name == "张桂花"
    assert [one.shown_to_id for one in seen] == [
        p.person_id for p in (cast.officer, cast.broker, cast.supervisor)
    ]
    for player in (cast.stranger, cast.enterprise):
        with pytest.raises(NotFound), act_as(player.actor) as act:
            show_villager(act, public_id)
        with pytest.raises(NotFound), act_as(player.actor) as act:
            withdraw_consent(act, public_id)
    kinds = [one.event for one in session.scalars(sa.select(AuditEntry))]
    assert kinds.count("FilingShown") == 3


def test_the_signed_form_is_seen_for_an_hour_after_a_look(
    app: Flask, cast: Cast, act_as: ActAs, session: Session, clock: SettableClock
) -> None:
    with act_as(cast.officer.actor) as act:
        given = said_so(kind=FilingConsent.PHOTO)
        public_id = file_for(act, Door.HELP, GRANNY, given, [picture()]).public_id
    file = session.query(StoredFile).one()
    with app.app_context():
        assert not can_see_form(session, cast.officer.actor, file)
        session.rollback()
        with act_as(cast.officer.actor) as act:
            show_villager(act, public_id)
        assert can_see_form(session, cast.officer.actor, file)
        assert not can_see_form(session, cast.broker.actor, file)
        clock.forward(minutes=61)
        assert not can_see_form(session, cast.officer.actor, file)


def test_withdrawn_consent_takes_it_off_the_pages_and_deletes_in_time(
    cast: Cast, act_as: ActAs, session: Session, clock: SettableClock
) -> None:
    with act_as(cast.officer.actor) as act:
        public_id = published(act).public_id
    with act_as(cast.broker.actor) as act:
        withdraw_consent(act, public_id)
    filing = filed(session, public_id)
    assert filing.listing.state is State.WITHDRAWN
    assert not can_see(VISITOR, filing.listing)
    with pytest.raises(Conflict), act_as(cast.broker.actor) as act:
        withdraw_consent(act, public_id)
    clock.forward(days=13)
    with act_as() as act:
        assert forget_due(act) == 0
    clock.forward(days=2)
    with act_as() as act:
        assert forget_due(act) == 1
        assert forget_due(act) == 0
    filing = filed(session, public_id)
    assert (filing.private_sealed, filing.heard_by, filing.files) == (None, "", [])
    with pytest.raises(Conflict) as refused, act_as(cast.officer.actor) as act:
        show_villager(act, public_id)
    assert refused.value.code == "filing_forgotten"


@pytest.mark.parametrize("state", [State.FULFILLED, State.EXPIRED])
def test_what_is_over_is_hidden_when_consent_is_withdrawn(
    cast: Cast, act_as: ActAs, session: Session, state: State
) -> None:
    with act_as(cast.officer.actor) as act:
        filing = published(act)
        filing.listing.move_to(state, act.now)
        public_id = filing.public_id
    assert can_see(VISITOR, filed(session, public_id).listing)
    session.rollback()
    with act_as(cast.officer.actor) as act:
        withdraw_consent(act, public_id)
    assert not can_see(VISITOR, filed(session, public_id).listing)
    session.rollback()
    with act_as(cast.supervisor.actor) as act:
        hold_listing(act, act.session.query(Filing).one().listing, held=False)
    assert not can_see(VISITOR, filed(session, public_id).listing)


def test_ended_listings_and_forgotten_drafts_lose_their_private_part(
    cast: Cast, act_as: ActAs, session: Session, clock: SettableClock
) -> None:
    with act_as(cast.officer.actor) as act:
        ended, draft = published(act), file_for(act, Door.SELL, GRANNY)
        withdraw_listing(act, ended.listing)
        ids = ended.public_id, draft.public_id
    clock.forward(days=91)
    with act_as() as act:
        assert forget_due(act) == 1
    assert [filed(session, one).private_sealed is None for one in ids] == [False, True]
    clock.forward(days=90)
    session.rollback()
    with act_as() as act:
        assert forget_due(act) == 1


def test_a_copy_needs_consent_of_its_own_and_a_draft_goes_with_its_filing(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    with act_as(cast.officer.actor) as act:
        filing = published(act)
        withdraw_listing(act, filing.listing)
        gone = file_for(act, Door.HELP, GRANNY, said_so(kind=FilingConsent.PHOTO), [picture()])
        show_villager(act, gone.public_id)
        listing_id, gone_id = filing.listing_id, gone.listing_id
    with pytest.raises(Conflict) as refused, act_as(cast.officer.actor) as act:
        post_again(act, act.session.get_one(Listing, listing_id))
    assert refused.value.code == "filing_not_copied"
    with act_as(cast.officer.actor) as act:
        assert discard_draft(act, act.session.get_one(Listing, gone_id))
    assert session.get(Filing, gone_id) is None
    assert session.query(StoredFile).count() == 0


def test_who_it_is_for_is_put_right_but_their_words_stay(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    with act_as(cast.officer.actor) as act:
        public_id = file_for(act, Door.HELP, GRANNY).public_id
    with act_as(cast.officer.actor) as act:
        put_right(act, public_id, "张桂华", "村口第二家")
    with act_as(cast.officer.actor) as act:
        who = show_villager(act, public_id)
    assert (who.name, who.reach, who.words) == ("张桂华", "村口第二家", GRANNY.words)
    with pytest.raises(Invalid), act_as(cast.officer.actor) as act:
        put_right(act, public_id, "", "村口")


def test_the_two_forms_of_who_looks_after_agree(
    cast: Cast, act_as: ActAs, session: Session
) -> None:
    colleague = cast.make_player("同事", "520422", cast.broker.organisation)
    with act_as(cast.officer.actor) as act:
        published(act)
        file_for(act, Door.HELP, GRANNY)
    with act_as(cast.broker.actor) as act:
        file_for(act, Door.SELL, GRANNY)
    session.rollback()
    everybody = (
        cast.officer, cast.broker, cast.supervisor, cast.stranger, cast.enterprise, colleague,
    )  # fmt: skip
    counts = []
    for player in everybody:
        query = sa.select(Filing).join(Filing.listing).where(looked_after_by(player.actor))
        by_sql = {one.listing_id for one in session.scalars(query)}
        by_value = {
            one.listing_id
            for one in session.scalars(sa.select(Filing))
            if can_look_after(player.actor, one)
        }
        assert by_sql == by_value
        counts.append(len(by_sql))
    assert counts == [2, 2, 3, 0, 0, 0]
