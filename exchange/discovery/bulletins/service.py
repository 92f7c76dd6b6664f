"""What the centre does with an issue: edit, hand in, approve, send back, drop.

Every verb locks the issue and reads it afresh. ``version`` is the one that the actor has read.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exchange.discovery.bulletins.counting import count_anew
from exchange.discovery.bulletins.events import (
    BulletinDropped,
    BulletinEdited,
    BulletinPublished,
    BulletinSentBack,
    BulletinSubmitted,
)
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin, BulletinItem
from exchange.discovery.bulletins.permissions import may_edit, may_manage
from exchange.discovery.bulletins.queries import items_of, seen_bulletin
from exchange.discovery.bulletins.rules import (
    LONGEST_HEADLINE,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
    Way,
    may_edit_state,
    may_send_back,
    moved,
    reordered,
    room_in_list,
)
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.listings.rules import is_sensitive, money_allowed, names_a_person
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem

FIELDS = ("headline_zh", "headline_en", "introduction_zh", "introduction_en")


@dataclass(frozen=True)
class Words:
    """The editor's own words; None leaves what is there."""

    headline_zh: str | None = None
    headline_en: str | None = None
    introduction_zh: str | None = None
    introduction_en: str | None = None


@dataclass(frozen=True)
class Order:
    """Which items come first, and which are left out, by their numbers; None leaves it."""

    first: Sequence[int] | None = None
    left_out: Sequence[int] | None = None


Change = Callable[[Sequence[BulletinItem]], bool]


def edit(
    act: Act, public_id: str, words: Words, version: int, change: Change | None = None
) -> Bulletin:
    """Give an issue other words, and change its items.

    Nothing is saved unless all of it can be. Raises NotFound, Forbidden, Invalid with the fields,
    or Conflict: "bulletin_changed" for an older version, or it has come out or was dropped.
    """
    issue = editable(act, public_id, version)
    clean = _clean(words)
    differs = {name: text for name, text in clean.items() if text != getattr(issue, name)}
    for name, text in differs.items():
        setattr(issue, name, text)
    items = items_of(act.session, [issue.id])[issue.id]
    standing = _standing(items)
    has_moved = change(items) if change else False
    _insist_on_room(standing, _standing(items))
    if differs or has_moved:
        issue.edited_by_id = act.actor.person_id
        touch(act, issue)
        act.emit(BulletinEdited(issue.id, issue.bulletin_place_id))
    return issue


def _standing(items: Sequence[BulletinItem]) -> Counter[str]:
    return Counter(one.section for one in items if not one.is_left_out)


def _insist_on_room(before: Counter[str], after: Counter[str]) -> None:
    for code, count in after.items():
        room = room_in_list(count, before[code])
        if not room:
            raise Invalid(room.code, **room.params)


def step(number: int, way: Way) -> Change:
    """One tap on one item: to the top, up, down, out, in again. Raises NotFound for an unknown one.
    """

    def change(items: Sequence[BulletinItem]) -> bool:
        item = next((one for one in items if one.number == number), None)
        if item is None:
            raise NotFound
        if way in (Way.OUT, Way.IN):
            was, item.is_left_out = item.is_left_out, way is Way.OUT
            return was is not item.is_left_out
        own = [one for one in items if one.section == item.section]
        return _put_in_order(own, moved([one.number for one in own], number, way))

    return change


def keep_ticked(shown: Sequence[int], ticked: Sequence[int]) -> Change:
    """Of the items that a page has shown those with a tick stand in it, the others are left out."""

    def change(items: Sequence[BulletinItem]) -> bool:
        has_changed = False
        for one in items:
            if one.number in shown:
                was, one.is_left_out = one.is_left_out, one.number not in ticked
                has_changed = has_changed or was is not one.is_left_out
        return has_changed

    return change


def in_turn(*changes: Change) -> Change:
    """One change after the other."""

    def change(items: Sequence[BulletinItem]) -> bool:
        made = [one(items) for one in changes]
        return any(made)

    return change


def arrange(order: Order) -> Change:
    """Many at once. Raises Invalid for numbers that are not there."""

    def change(items: Sequence[BulletinItem]) -> bool:
        known = {one.number for one in items}
        for name, numbers in (("order", order.first), ("left_out", order.left_out)):
            if not set(numbers or ()) <= known:
                raise Invalid(fields={name: ["bulletin_item_unknown"]})
        has_changed = False
        if order.first is not None:
            wanted = reordered([one.number for one in items], order.first)
            has_changed = _put_in_order(items, wanted)
        if order.left_out is not None:
            for one in items:
                was, one.is_left_out = one.is_left_out, one.number in order.left_out
                has_changed = has_changed or was is not one.is_left_out
        return has_changed

    return change


def submit(act: Act, public_id: str, version: int | None = None) -> Bulletin:
    """Its editor is done: those who approve are told. Sent twice it is done once.

    Raises as editing does.
    """
    issue = editable(act, public_id, None)
    if issue.state is State.SUBMITTED:
        return issue
    _insist_on(issue, version)
    issue.state, issue.submitted_at = State.SUBMITTED, act.now
    issue.submitted_by_id = act.actor.person_id
    touch(act, issue)
    act.emit(BulletinSubmitted(issue.id, issue.bulletin_place_id))
    return issue


def approve(act: Act, public_id: str, version: int | None = None) -> Bulletin:
    """Let it come out, with who has approved, and with what is counted at this moment. What has
    ended by then, and would be listed beyond what is counted, is left out.

    Approved by two at once it comes out once.

    Raises NotFound, Forbidden, Conflict.
    """
    issue = _managed(act, public_id)
    if issue.state is State.PUBLISHED:
        return issue
    _insist_on(issue, version)
    _insist(may_edit_state(issue.state))
    for ended in count_anew(act, issue):
        ended.is_left_out = True
    is_first = issue.published_at is None
    issue.state, issue.approved_by_id = State.PUBLISHED, act.actor.person_id
    issue.published_at = issue.published_at or act.now
    touch(act, issue)
    act.emit(BulletinPublished(issue.id, issue.bulletin_place_id, is_first))
    return issue


def send_back(act: Act, public_id: str, note: str, version: int | None = None) -> Bulletin:
    """Give it back to its editor with a note; what has come out is taken down by it.

    Raises NotFound, Forbidden, Invalid for a note that says nothing, Conflict.
    """
    issue = _managed(act, public_id)
    said = clean_text(note)
    if not 0 < len(said) <= LONGEST_NOTE:
        raise Invalid(fields={"note": ["bulletin_note"]})
    if issue.state is State.SENT_BACK and issue.note == said:
        return issue
    _insist_on(issue, version)
    _insist(may_send_back(issue.state))
    issue.state, issue.note = State.SENT_BACK, said
    issue.sent_back_at, issue.sent_back_by_id = act.now, act.actor.person_id
    touch(act, issue)
    act.emit(BulletinSentBack(issue.id, issue.bulletin_place_id))
    return issue


def drop(act: Act, public_id: str, version: int | None = None) -> Bulletin:
    """It will not come out: what it would have told stands in the next one.

    Raises NotFound, Forbidden, Conflict.
    """
    issue = _managed(act, public_id)
    if issue.state is State.DROPPED:
        return issue
    _insist_on(issue, version)
    _insist(may_edit_state(issue.state))
    issue.state, issue.dropped_at = State.DROPPED, act.now
    issue.dropped_by_id = act.actor.person_id
    touch(act, issue)
    act.emit(BulletinDropped(issue.id, issue.bulletin_place_id))
    return issue


def editable(act: Act, public_id: str, version: int | None) -> Bulletin:
    """The issue, locked, for whoever may edit it in this version. Raises as editing does."""
    issue = seen_bulletin(act.session, act.actor, public_id, lock=True)
    if not may_edit(act.actor, issue.place):
        raise Forbidden("bulletin_not_yours")
    _insist(may_edit_state(issue.state))
    _insist_on(issue, version)
    return issue


def _managed(act: Act, public_id: str) -> Bulletin:
    issue = seen_bulletin(act.session, act.actor, public_id, lock=True)
    if not may_manage(act.actor, issue.place):
        raise Forbidden("bulletin_not_yours")
    return issue


def _insist(decision: Decision) -> None:
    if not decision:
        raise Conflict(decision.code)


def _insist_on(issue: Bulletin, version: int | None) -> None:
    if version is not None and version != issue.version:
        raise Conflict("bulletin_changed", version=issue.version)


def _put_in_order(items: Sequence[BulletinItem], wanted: Sequence[int]) -> bool:
    """The items take the places that they have together, in the wanted order."""
    places = sorted(one.position for one in items)
    if [one.number for one in items] == list(wanted):
        return False
    for one in items:
        one.position = places[wanted.index(one.number)]
    return True


def _clean(words: Words) -> dict[str, str]:
    """The words as they are kept. Raises Invalid with the fields."""
    found: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for name in FIELDS:
        text = getattr(words, name)
        if text is None:
            continue
        is_headline = name.startswith("headline")
        found[name] = one_line(text) if is_headline else clean_text(text)
        code = _problem(found[name], is_headline=is_headline)
        if code:
            wrong[name] = [code]
    if wrong:
        raise Invalid(fields=wrong)
    return found


def _problem(text: str, *, is_headline: bool) -> str:
    """The code of what stands against the words; empty when they may stand."""
    if len(text) > (LONGEST_HEADLINE if is_headline else LONGEST_INTRODUCTION):
        return "bulletin_headline_long" if is_headline else "bulletin_introduction_long"
    found = words_problem(text)
    if found:
        return f"bulletin_{found}"
    of_person = names_a_person(text) and is_sensitive(Side.NEED, None, (), text)
    if of_person or not money_allowed(Side.NEED, None, text):
        return "bulletin_person"
    return ""


def touch(act: Act, issue: Bulletin) -> None:
    """It has another version from now on."""
    issue.version += 1
    issue.updated_at = act.now
    act.session.flush()
