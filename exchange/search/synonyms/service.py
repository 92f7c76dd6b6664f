"""What administrators do with synonyms: add, change, switch, give up, take over from a file.

Each verb is for site operators. It raises Forbidden, NotFound, Invalid with the field ``words``,
and Conflict when somebody else was faster.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.search.synonyms.catalogue import Catalogue
from exchange.search.synonyms.events import (
    SynonymsAdded,
    SynonymsChanged,
    SynonymsDeleted,
    SynonymsSwitched,
)
from exchange.search.synonyms.groups import Line, WordGroup
from exchange.search.synonyms.models import SynonymEdition, SynonymGroup
from exchange.search.synonyms.queries import ONLY_EDITION, Entry, entries, entry
from exchange.search.synonyms.rules import MOST_OWN_GROUPS, problem_of
from exchange.search.synonyms.shipped import shipped_groups
from exchange.search.wiring import shared_analyzer


@dataclass(frozen=True)
class TakenOver:
    """What came of a file: groups added, changed and switched, and those already so."""

    added: int = 0
    changed: int = 0
    switched: int = 0
    same: int = 0


class BadLine(Invalid):
    """A line of a file is refused; ``number`` stands among the params."""


def add_synonyms(act: Act, group: WordGroup) -> SynonymGroup:
    """Add a group of the site's own."""
    _begin(act)
    return _add(act, group, _catalogue(act))


def change_synonyms(act: Act, reference: str, group: WordGroup, version: int) -> None:
    """Give a group other words; of a shipped one the site then has an edition of its own."""
    _begin(act)
    present = _present(act, reference, version)
    if present.group != group:
        _check(group, _catalogue(act), present)
        _change(act, present, group)


def switch_synonyms(act: Act, reference: str, version: int, *, on: bool) -> None:
    """Let a group count, or not."""
    _begin(act)
    present = _present(act, reference, version)
    if present.is_on != on:
        _switch(act, present, on=on)


def delete_synonyms(act: Act, reference: str, version: int) -> None:
    """Give up a group of the site; the shipped one that it stood for counts again."""
    _begin(act)
    present = _present(act, reference, version)
    row = _row(act, present)
    if row is None or not present.is_deletable:
        raise NotFound
    act.session.delete(row)
    act.emit(SynonymsDeleted(reference, present.group.words))


def take_over(act: Act, lines: list[Line]) -> TakenOver:
    """Make the site's synonyms say what the lines say, and leave all others alone.

    A line with the first word and direction of a group changes it, any other adds one. All or
    nothing: raises BadLine. Doing it again changes nothing.
    """
    _begin(act)
    catalogue = _catalogue(act)
    done = {"added": 0, "changed": 0, "switched": 0, "same": 0}
    for line in lines:
        try:
            done[_take_line(act, line, catalogue)] += 1
        except Invalid as error:
            code = next(iter(error.fields.get("words", ())), error.code)
            raise BadLine(code, **{**error.params, "number": line.number}) from error
    return TakenOver(**done)


def _take_line(act: Act, line: Line, catalogue: Catalogue) -> str:
    """Do what one line asks for; returns what that was."""
    _check(line.group)
    present = catalogue.saying(line.group) or catalogue.named(line.group)
    if present is None:
        row = _add(act, line.group, catalogue)
        if line.is_off:
            _switch(act, _again(act, row.public_id), on=False)
        catalogue.put(_again(act, row.public_id))
        return "added"
    done = "same"
    if not line.is_off and catalogue.saying(line.group) is None:
        _change(act, present, line.group)
        done = "changed"
    if present.is_on == line.is_off:
        _switch(act, present, on=not line.is_off)
        done = "switched" if done == "same" else done
    if done != "same":
        catalogue.put(_again(act, present.reference))
    return done


def _catalogue(act: Act) -> Catalogue:
    return Catalogue(entries(act.session), shared_analyzer().normalize)


def _again(act: Act, reference: str) -> Entry:
    found = entry(act.session, reference)
    if found is None:
        raise NotFound
    return found


def _begin(act: Act) -> None:
    """Check the role, count the edition up, and so wait for whoever is changing synonyms."""
    if not (act.actor.is_operator or act.actor.is_system):
        raise Forbidden("not_your_role")
    insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
    first = insert(SynonymEdition).values(id=ONLY_EDITION, number=1)
    act.session.execute(
        first.on_conflict_do_update(
            index_elements=["id"], set_={"number": SynonymEdition.number + 1}
        )
    )


def _present(act: Act, reference: str, version: int) -> Entry:
    """The group as it is now. Raises NotFound, and Conflict when it is not what was shown."""
    found = entry(act.session, reference)
    if found is None:
        raise Conflict("synonyms_gone") if version else NotFound
    if found.version != version:
        raise Conflict("synonyms_changed_meanwhile")
    return found


def _check(
    group: WordGroup, catalogue: Catalogue | None = None, present: Entry | None = None
) -> None:
    """Raise Invalid when the words are refused, or when another group says the same."""
    problem = problem_of(group, shared_analyzer().normalize)
    if problem is not None:
        raise Invalid(fields={"words": [problem.code]}, **problem.params)
    same = catalogue.saying(group) if catalogue else None
    if same is not None and (present is None or same.reference != present.reference):
        raise Invalid(fields={"words": ["synonyms_exist"]})


def _add(act: Act, group: WordGroup, catalogue: Catalogue) -> SynonymGroup:
    _check(group, catalogue)
    if catalogue.own >= MOST_OWN_GROUPS:
        raise Invalid(fields={"words": ["synonyms_full"]}, most=MOST_OWN_GROUPS)
    row = _new_row(act, group, replaces=None)
    act.emit(SynonymsAdded(row.public_id, group.words, group.one_way))
    return row


def _change(act: Act, present: Entry, group: WordGroup) -> None:
    row = _row(act, present) or _new_row(act, present.group, replaces=present.key)
    row.words, row.one_way = list(group.words), group.one_way
    _touch(act, row)
    act.emit(SynonymsChanged(present.reference, present.group.words, group.words, group.one_way))


def _switch(act: Act, present: Entry, *, on: bool) -> None:
    row = _row(act, present) or _new_row(act, present.group, replaces=present.key)
    row.is_on = on
    _touch(act, row)
    act.emit(SynonymsSwitched(present.reference, present.group.words, on))


def _row(act: Act, present: Entry) -> SynonymGroup | None:
    if present.key in shipped_groups():
        condition = SynonymGroup.replaces == present.key
    else:
        condition = SynonymGroup.public_id == present.reference
    return act.session.scalars(sa.select(SynonymGroup).where(condition)).first()


def _new_row(act: Act, group: WordGroup, replaces: str | None) -> SynonymGroup:
    row = SynonymGroup(
        words=list(group.words),
        one_way=group.one_way,
        is_on=True,
        replaces=replaces,
        version=0 if replaces else 1,
        created_at=act.now,
        updated_at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    return row


def _touch(act: Act, row: SynonymGroup) -> None:
    row.version, row.updated_at = row.version + 1, act.now
    act.session.flush()
