"""What a worker does with the views they keep."""

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.accounts.points.centre_queries import centres_of
from exchange.brokering.board.rules import LONGEST_QUESTION, AskedMatches, one_line, write_question
from exchange.brokering.board.view_events import (
    MatchViewChanged,
    MatchViewDeleted,
    MatchViewSaved,
)
from exchange.brokering.board.view_models import LONGEST_NAME, MatchView
from exchange.brokering.board.view_queries import own_view
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid

MOST_VIEWS = 20


def save_view(
    act: Act, name: str, asked: AskedMatches, *, opens_first: bool = False
) -> MatchView:
    """Keep a question by a name; one of this name gets the new question.

    Raises Invalid for the name, Conflict "too_many_views".
    """
    person_id = _lock_person(act)
    words, question = _named(name), write_question(asked)
    if len(question) > LONGEST_QUESTION:
        raise Invalid(fields={"name": ["view_question_long"]})
    same = sa.select(MatchView).where(MatchView.person_id == person_id, MatchView.name == words)
    kept = act.session.scalar(same)
    if kept is None:
        query = sa.select(sa.func.count()).select_from(MatchView)
        if (act.session.scalar(query.where(MatchView.person_id == person_id)) or 0) >= MOST_VIEWS:
            raise Conflict("too_many_views", most=MOST_VIEWS)
        kept = MatchView(
            person_id=person_id, name=words, is_default=False, created_at=act.now
        )
    kept.question, kept.updated_at = question, act.now
    act.session.add(kept)
    act.session.flush()
    _open_first(act, kept, opens_first=opens_first or kept.is_default)
    act.emit(MatchViewSaved(kept.id, person_id))
    return kept


def change_view(
    act: Act, public_id: str, name: str, *, opens_first: bool, is_shared: bool
) -> MatchView:
    """Give a view another name, let it open first or not, share it with one's centre or not.

    Raises NotFound for somebody else's, Invalid for the name, Forbidden for sharing by anybody
    but a supervisor of a whole centre.
    """
    person_id = _lock_person(act)
    view = own_view(act.session, person_id, public_id)
    words = _named(name)
    taken = sa.select(MatchView.id).where(
        MatchView.person_id == person_id, MatchView.name == words, MatchView.id != view.id
    )
    if act.session.scalar(taken) is not None:
        raise Invalid(fields={"name": ["view_name_taken"]})
    view.name, view.updated_at = words, act.now
    if is_shared and view.shared_with_id is None:
        centres = centres_of(act.session, act.actor)
        if not centres:
            raise Forbidden("only_supervisors")
        view.shared_with_id = centres[0].id
    elif not is_shared:
        view.shared_with_id = None
    _open_first(act, view, opens_first=opens_first)
    act.emit(MatchViewChanged(view.id, person_id))
    return view


def delete_view(act: Act, public_id: str) -> None:
    """Keep it no more. Raises NotFound for somebody else's."""
    person_id = _lock_person(act)
    view = own_view(act.session, person_id, public_id)
    view_id = view.id
    act.session.delete(view)
    act.session.flush()
    act.emit(MatchViewDeleted(view_id, person_id))


def _open_first(act: Act, view: MatchView, *, opens_first: bool) -> None:
    """At most one of a person's opens first; the other gives way before."""
    if opens_first:
        others = sa.select(MatchView).where(
            MatchView.person_id == view.person_id, MatchView.is_default, MatchView.id != view.id
        )
        for other in act.session.scalars(others):
            other.is_default = False
        act.session.flush()
    view.is_default = opens_first
    act.session.flush()


def _lock_person(act: Act) -> int:
    """One of a person's acts at a time: the limits hold also when they tap twice."""
    query = sa.select(Person.id).where(Person.id == act.actor.person_id).with_for_update()
    found = act.session.scalar(query)
    if found is None or not act.actor.is_broker:
        raise Forbidden("not_your_role")
    return found


def _named(text: str) -> str:
    name = one_line(text)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(fields={"name": ["view_name_form"]})
    return name
