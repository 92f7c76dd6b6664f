"""What else belongs in an issue: looking for it, putting it in, and counting once more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.counting import asked_of, count_anew
from exchange.discovery.bulletins.events import BulletinEdited
from exchange.discovery.bulletins.models import Bulletin, BulletinItem
from exchange.discovery.bulletins.queries import items_of
from exchange.discovery.bulletins.rules import room_in_list, room_to_keep
from exchange.discovery.bulletins.sections import (
    Choose,
    Found,
    Kept,
    Line,
    Section,
    Wanted,
    section_called,
)
from exchange.discovery.bulletins.service import editable, touch
from exchange.kernel.act import Act, House
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.sharing.rules import row_of, short_code

PAGE = 20
MOST_WORDS, LONGEST_QUESTION = 6, 100


@dataclass(frozen=True)
class Choice:
    """Something that an editor may put in. ``key`` is its name there."""

    key: str
    line: Line
    is_new: bool


@dataclass(frozen=True)
class Question:
    """For which list something is looked for, with which words; ``most``, after ``start``."""

    code: str
    words: str = ""
    start: int = 0
    most: int = PAGE


def choices(
    session: Session, house: House, issue: Bulletin, question: Question, locale: str
) -> tuple[list[Choice], bool]:
    """What belongs into a list and does not stand in it, and whether more follow.

    Raises NotFound for a list that nothing can be chosen for.
    """
    section, choose = choosable(house, question.code)
    items = items_of(session, [issue.id])[issue.id]
    standing = {
        one.subject_id for one in items if one.section == section.code and not one.is_left_out
    }
    wanted = Wanted(
        words=words_of(question.words), without=frozenset(standing),
        start=question.start, most=question.most + 1, locale=locale,
    )  # fmt: skip
    found = choose(session, house, asked_of(house, issue.place, issue.period), wanted)
    shown = found[: question.most]
    lines = section.show(
        session, house, [Kept(one.subject_id, one.counted) for one in shown], locale
    )
    offered = [
        Choice(short_code(one.subject_id), line, one.is_new)
        for one, line in zip(shown, lines, strict=True)
        if line is not None
    ]
    return offered, len(found) > question.most


def words_of(question: str) -> tuple[str, ...]:
    """The words of what was typed."""
    return tuple(question[:LONGEST_QUESTION].split()[:MOST_WORDS])


def put_in(
    act: Act, public_id: str, code: str, keys: Sequence[str], version: int | None
) -> Bulletin:
    """Put more of its days into a list of an issue, at its end; everything is counted once more.

    What was left out stands in it again; what stands in it already stays where it is. Raises
    NotFound, Forbidden, Conflict as editing does; Invalid beside "keys" for what does not belong
    in, or for more than a list holds.
    """
    issue = editable(act, public_id, version)
    found = _belonging(act, issue, code, _ids(keys))
    every = items_of(act.session, [issue.id])[issue.id]
    present = {one.subject_id: one for one in every if one.section == code}
    standing = {key for key, one in present.items() if not one.is_left_out}
    wanted = [one for one in found if one.subject_id not in standing]
    if not wanted:
        return issue
    new = [one for one in wanted if one.subject_id not in present]
    _insist_on_room(len(present) + len(new), len(standing) + len(wanted))
    highest = max((one.number for one in every), default=0)
    for number, one in enumerate(new, highest + 1):
        present[one.subject_id] = _item(issue, code, number, one)
        act.session.add(present[one.subject_id])
    last = max((one.position for one in every), default=0)
    for place, one in enumerate(wanted, last + 1):
        item = present[one.subject_id]
        item.position, item.is_left_out = place, False
    act.session.flush()
    return _counted(act, issue)


def _insist_on_room(kept: int, standing: int) -> None:
    for room in (room_in_list(standing), room_to_keep(kept)):
        if not room:
            raise Invalid(fields={"keys": [room.code]}, **room.params)


def count_again(act: Act, public_id: str, version: int | None) -> Bulletin:
    """Bring the numbers of an issue up to this moment. Raises as editing does."""
    return _counted(act, editable(act, public_id, version))


def _counted(act: Act, issue: Bulletin) -> Bulletin:
    count_anew(act, issue)
    issue.edited_by_id = act.actor.person_id
    touch(act, issue)
    act.emit(BulletinEdited(issue.id, issue.bulletin_place_id))
    return issue


def choosable(house: House, code: str) -> tuple[Section, Choose]:
    """A list and how more is found for it. Raises NotFound where nothing is."""
    section = section_called(house, code)
    if section is None or section.choose is None:
        raise NotFound
    return section, section.choose


def _ids(keys: Sequence[str]) -> frozenset[int]:
    """Raises Invalid where nothing is named, or what is no name."""
    found = {row_of(key) for key in keys}
    if not found:
        raise Invalid(fields={"keys": ["bulletin_none_chosen"]})
    if None in found:
        raise Invalid(fields={"keys": ["bulletin_not_of_these_days"]})
    return frozenset(one for one in found if one is not None)


def _belonging(act: Act, issue: Bulletin, code: str, ids: frozenset[int]) -> Sequence[Found]:
    """All of these, in the order of the list. Raises Invalid where one does not belong in."""
    _section, choose = choosable(act.house, code)
    asked = asked_of(act.house, issue.place, issue.period)
    found = choose(act.session, act.house, asked, Wanted(only=ids, most=len(ids)))
    if len(found) < len(ids):
        raise Invalid(fields={"keys": ["bulletin_not_of_these_days"]})
    return found


def _item(issue: Bulletin, code: str, number: int, found: Found) -> BulletinItem:
    return BulletinItem(
        bulletin_id=issue.id, number=number, section=code, subject_id=found.subject_id,
        is_new=found.is_new, position=number, counted=dict(found.counted), is_left_out=True,
    )  # fmt: skip
