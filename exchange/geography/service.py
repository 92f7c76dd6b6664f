"""What an administrator does to divisions: add one that is new, retire one that has ended."""

from datetime import date, timedelta

from exchange.geography.events import DivisionAdded, DivisionRetired
from exchange.geography.models import Division
from exchange.geography.romanisation import initials_key, pinyin_key
from exchange.geography.rules import Level, is_code, level_of, parent_of, short_name
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound


def add_division(act: Act, code: str, name: str, valid_from: date | None = None) -> Division:
    """Add a division under its parent, which its code names.

    Raises Forbidden, Invalid (form of code or name), NotFound (parent) or Conflict (code).
    """
    _require_administrator(act)
    name = name.strip()
    if not is_code(code):
        raise Invalid("division_code_form", fields={"code": ["division_code_form"]})
    if not name or len(name) > 80:
        raise Invalid("division_name_form", fields={"name": ["division_name_form"]})
    parent = parent_of(code)
    if parent is not None and act.session.get(Division, parent) is None:
        raise NotFound("division_parent_unknown", division=parent)
    if act.session.get(Division, code) is not None:
        raise Conflict("division_code_taken", division=code)
    level = level_of(code)
    short = short_name(name, level)
    added = Division(
        code=code,
        name=name,
        level=level,
        parent_code=parent,
        initials=initials_key(short),
        pinyin=None if level is Level.VILLAGE else pinyin_key(short),
        valid_from=valid_from or act.today,
    )
    act.session.add(added)
    act.session.flush()
    act.emit(DivisionAdded(code=code))
    return added


def retire_division(
    act: Act, code: str, successor_code: str | None = None, last_day: date | None = None
) -> Division:
    """End a division on a day (by default yesterday) and name what follows it.

    Raises Forbidden, NotFound, Conflict (already retired) or Invalid (it cannot follow itself).
    """
    _require_administrator(act)
    retired = act.session.get(Division, code)
    if retired is None:
        raise NotFound("division_unknown", division=code)
    if retired.valid_to is not None:
        raise Conflict("division_already_retired", division=code)
    if successor_code == code:
        raise Invalid("division_follows_itself", division=code)
    if successor_code is not None and act.session.get(Division, successor_code) is None:
        raise NotFound("division_unknown", division=successor_code)
    retired.valid_to = last_day or act.today - timedelta(days=1)
    retired.successor_code = successor_code
    act.session.flush()
    act.emit(DivisionRetired(code=code, successor_code=successor_code))
    return retired


def _require_administrator(act: Act) -> None:
    if not (act.actor.is_operator or act.actor.is_system):
        raise Forbidden("only_operators")
