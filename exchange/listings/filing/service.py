"""Filing a need, or something to sell, for somebody who does not use the site.

Whoever files writes down who it is for, how to reach them, what they said in their own words, and
how they agreed. The listing itself goes its usual way as a draft of the office; it is put before
people only once consent is on record.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.exc import IntegrityError

from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_picture
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.events import ListingWithdrawn
from exchange.listings.filing.events import (
    FilingChanged,
    FilingConsentRecorded,
    FilingConsentWithdrawn,
    FilingMade,
    FilingShown,
)
from exchange.listings.filing.kinds import FilingState
from exchange.listings.filing.models import Filing, FilingFile, FilingReveal, PaperForm
from exchange.listings.filing.naming import without_name
from exchange.listings.filing.private import Villager, open_villager, seal_villager
from exchange.listings.filing.queries import filing_of, filing_of_form, seen_filing
from exchange.listings.filing.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REACH,
    LONGEST_WORDS,
    MOST_PICTURES,
    NO_CONSENT,
    ConsentGiven,
    consent_problems,
    form_row,
    may_file,
)
from exchange.listings.holding import set_held
from exchange.listings.kinds import Door, State
from exchange.listings.lifecycle import WITHDRAWABLE
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing
from exchange.listings.posting.understanding import understand
from exchange.listings.values import ListingValues, clean_text, one_line
from exchange.listings.wording import without_contacts
from exchange.listings.writing import save_draft

OWNER_KIND = "filing"


def file_for(
    act: Act,
    door: Door,
    villager: Villager,
    given: ConsentGiven = NO_CONSENT,
    pictures: Sequence[Picture] = (),
    number: str = "",
) -> Filing:
    """Write a listing down for somebody, as a draft of the actor's office with their own words.

    ``number`` is that of the paper form it was taken from, empty where there is none. Raises
    Forbidden, or Invalid by field ("filing_form_used" for a form that was entered already).
    """
    decision = may_file(
        is_broker=act.actor.is_broker, organisation_kind=act.actor.organisation_kind
    )
    if not decision:
        raise Forbidden(decision.code)
    who = villager.cleaned()
    problems = _problems(who, door) | _consent_problems(act, given, len(pictures))
    form = _form_of(act, number, problems)
    if problems:
        raise Invalid(fields=problems)
    said = without_name(without_contacts(who.words), who.name)
    draft = save_draft(act, door, _values(said, door, act.today))
    filing = Filing(
        listing_id=draft.id,
        form_id=form.id if form else None,
        door=door,
        made_by_id=act.actor.person_id,
        made_at=act.now,
        heard_by="",
        read_back=False,
        to_introduce=False,
    )
    _insert(act, filing)
    seal_villager(act, filing, who)
    act.emit(FilingMade(draft.id))
    if given.kind is not None:
        _put_consent(act, filing, given, pictures)
    act.session.flush()
    return filing


def _values(text: str, door: Door, today: date) -> ListingValues:
    """The draft as the words read: the page that shows it proposes the rest again."""
    said = understand(text, door, today)
    return ListingValues(
        text=text,
        quantity_milli=said.quantity_milli,
        unit=said.unit,
        from_date=said.from_date,
        to_date=said.to_date,
    )


def record_consent(
    act: Act, public_id: str, given: ConsentGiven, pictures: Sequence[Picture] = ()
) -> Filing:
    """Put consent on record that was not there yet. Raises NotFound, Conflict, or Invalid."""
    filing = seen_filing(act.session, act.actor, public_id, lock=True)
    if filing.state is not FilingState.WAITING:
        raise Conflict("filing_consent_there")
    if given.kind is None:
        raise Invalid(fields={"consent": ["required"]})
    problems = _consent_problems(act, given, len(pictures))
    if problems:
        raise Invalid(fields=problems)
    who = open_villager(act, filing)
    seal_villager(act, filing, replace(who, note=clean_text(given.note)))
    _put_consent(act, filing, given, pictures)
    act.session.flush()
    return filing


def put_right(act: Act, public_id: str, name: str, reach: str) -> Filing:
    """Correct who it is for and how to reach them; their own words stay as they were said.

    Raises NotFound, Conflict once it is forgotten, or Invalid.
    """
    filing = seen_filing(act.session, act.actor, public_id, lock=True)
    who = replace(open_villager(act, filing), name=name, reach=reach).cleaned()
    problems = _problems(who, filing.door)
    if problems:
        raise Invalid(fields=problems)
    seal_villager(act, filing, who)
    act.session.flush()
    act.emit(FilingChanged(filing.listing_id))
    return filing


def withdraw_consent(act: Act, public_id: str) -> Filing:
    """The person does not want it any more: the listing leaves the pages at once.

    What goes on about it ends as when its owner withdraws it. One that is over, and is shown for
    the record, is hidden. Raises NotFound or Conflict.
    """
    filing = seen_filing(act.session, act.actor, public_id)
    lock_listing(act, filing.listing)
    act.session.refresh(filing, with_for_update=True)
    if filing.state is not FilingState.GIVEN:
        raise Conflict("filing_consent_withdrawn")
    filing.withdrawn_at, filing.withdrawn_by_id = act.now, act.actor.person_id
    act.session.flush()
    act.emit(FilingConsentWithdrawn(filing.listing_id))
    _take_from_the_pages(act, filing.listing)
    return filing


def show_villager(act: Act, public_id: str) -> Villager:
    """Who it is for, in their own words, on record each time. Raises NotFound or Conflict."""
    filing = seen_filing(act.session, act.actor, public_id, lock=True)
    who = open_villager(act, filing)
    _note_shown(act, filing)
    return who


def introduced_villager(act: Act, listing: Listing) -> Villager | None:
    """Whom the other side of a match may reach now, on record; None where they did not agree to
    be introduced by name, or it is nobody's filing.

    The caller has decided that the contact of this side may be shown.
    """
    filing = filing_of(act.session, listing.id)
    if filing is None:
        return None
    # Not locked: whoever withdraws holds it while the match, which we hold, is ended.
    act.session.refresh(filing)
    if filing.state is not FilingState.GIVEN or not filing.to_introduce:
        return None
    who = open_villager(act, filing)
    _note_shown(act, filing)
    return who


def discard_filing(act: Act, listing_id: int) -> None:
    """Delete a filing with its pictures, because its draft is thrown away."""
    filing = filing_of(act.session, listing_id)
    if filing is None:
        return
    drop_pictures(act, filing)
    for row in act.session.query(FilingReveal).filter_by(listing_id=listing_id):
        act.session.delete(row)
    act.session.delete(filing)
    act.session.flush()


def drop_pictures(act: Act, filing: Filing) -> None:
    """Forget the pictures of the signed form."""
    files = [row.file for row in filing.files]
    filing.files.clear()
    act.session.flush()
    for file in files:
        forget_file(act, file)


def _take_from_the_pages(act: Act, listing: Listing) -> None:
    if listing.state in WITHDRAWABLE:
        listing.move_to(State.WITHDRAWN, act.now)
        act.session.flush()
        act.emit(ListingWithdrawn(listing.id))
    elif listing.state is not State.WITHDRAWN:
        set_held(act, listing, held=True)


def _note_shown(act: Act, filing: Filing) -> None:
    person_id = act.actor.person_id
    if person_id is None:
        return
    key = filing.listing_id, person_id
    known = act.session.get(FilingReveal, key)
    if known is None and not _first_look(act, *key):
        known = act.session.get(FilingReveal, key)
    if known is not None:
        known.last_at, known.times = act.now, known.times + 1
    act.session.flush()
    act.emit(FilingShown(filing.listing_id, shown_to_id=person_id))


def _first_look(act: Act, listing_id: int, person_id: int) -> bool:
    """False when the same person has looked in another window at this very moment."""
    try:
        with act.session.begin_nested():
            act.session.add(
                FilingReveal(
                    listing_id=listing_id, shown_to_id=person_id,
                    at=act.now, last_at=act.now, times=1,
                )
            )  # fmt: skip
            act.session.flush()
    except IntegrityError:
        return False
    return True


def _problems(who: Villager, door: Door) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if door is Door.OFFER:
        found["door"] = ["filing_no_offers"]
    longest = {"name": LONGEST_NAME, "reach": LONGEST_REACH, "words": LONGEST_WORDS}
    for name, most in longest.items():
        value = getattr(who, name)
        if not value:
            found[name] = ["required"]
        elif len(value) > most:
            found[name] = ["too_long"]
    if len(who.note) > LONGEST_NOTE:
        found["consent_note"] = ["too_long"]
    return found


def _consent_problems(act: Act, given: ConsentGiven, pictures: int) -> dict[str, list[str]]:
    found = consent_problems(given, pictures, act.today)
    if pictures > MOST_PICTURES:
        found["photos"] = ["filing_too_many_pictures"]
    if len(given.heard_by) > LONGEST_NAME:
        found["heard_by"] = ["too_long"]
    if len(given.note) > LONGEST_NOTE:
        found["consent_note"] = ["too_long"]
    return found


def _form_of(act: Act, number: str, problems: dict[str, list[str]]) -> PaperForm | None:
    """The paper form of this number; what is wrong with the number is added to the problems."""
    if not number.strip():
        return None
    row_id = form_row(number)
    form = act.session.get(PaperForm, row_id) if row_id else None
    if form is None:
        problems["number"] = ["filing_form_unknown"]
    elif filing_of_form(act.session, form.id) is not None:
        problems["number"] = ["filing_form_used"]
    return form


def _insert(act: Act, filing: Filing) -> None:
    """Raises Invalid when somebody else has entered the same form a moment ago."""
    try:
        with act.session.begin_nested():
            act.session.add(filing)
            act.session.flush()
    except IntegrityError as error:
        raise Invalid(fields={"number": ["filing_form_used"]}) from error


def _put_consent(
    act: Act, filing: Filing, given: ConsentGiven, pictures: Sequence[Picture]
) -> None:
    assert given.kind is not None  # noqa: S101 - the callers have looked
    filing.consent, filing.consent_on = given.kind, given.on
    filing.heard_by, filing.read_back = one_line(given.heard_by), given.read_back
    filing.to_introduce = given.to_introduce
    filing.recorded_by_id, filing.recorded_at = act.actor.person_id, act.now
    for position, picture in enumerate(pictures):
        file = keep_picture(act, picture, OWNER_KIND, filing.listing_id)
        filing.files.append(FilingFile(file_id=file.id, position=position))
    act.session.flush()
    act.emit(FilingConsentRecorded(filing.listing_id, consent=given.kind.value))
