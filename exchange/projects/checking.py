"""Checking what is said of a project against the lists, the law and the database.

``kept_problems`` is what may not even stand in a draft; ``problems_of`` what stands against
showing it to others. Codes by field, for the door to put beside each.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.orm import Session

from exchange.geography.queries import paths
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side, Visibility
from exchange.listings.rules import (
    dates_allowed,
    is_sensitive,
    money_allowed,
    names_a_person,
)
from exchange.listings.wording import words_problem
from exchange.projects.models import LONGEST_TITLE, Project
from exchange.projects.rules import MOST_DIVISIONS, MOST_PEOPLE
from exchange.projects.values import ProjectValues
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary

Problems = dict[str, list[str]]
BLANKS = ("title", "aim", "plan")
LONGEST = {"title": LONGEST_TITLE, "aim": 2000, "plan": 5000}
GROUPS = frozenset(Beneficiary)
BLANK = re.compile(r"[（(][\s.…_＿]*[)）]")  # of an outline, never filled in
AROUND = 12  # characters that say which blank it is


def kept_problems(act: Act, values: ProjectValues) -> Problems:
    """What may not be kept: too long, unknown codes, contact or payment data in the words."""
    found: Problems = defaultdict(list)
    for name, longest in LONGEST.items():
        text = getattr(values, name)
        found[name] += ["too_long"] if len(text) > longest else text_problems(text)
    if not values.title:
        found["title"].append("required")
    if values.category_code and values.category_code not in taxonomy():
        found["category_code"].append("unknown_category")
    if not set(values.beneficiaries) <= GROUPS:
        found["beneficiaries"].append("unknown_group")
    count = values.beneficiary_count
    if count is not None and not 0 <= count <= MOST_PEOPLE:
        found["beneficiary_count"].append("project_people_count")
    found["places"] += _place_problems(act.session, values.places)
    dates = dates_allowed(values.from_date, values.to_date, act.today, open_now=False)
    found["to_date"] += [] if dates else [dates.code]
    return {name: codes for name, codes in found.items() if codes}


def problems_of(act: Act, values: ProjectValues, lines: Iterable[str] = ()) -> Problems:
    """What stands against showing it; ``lines`` are the words beside, see ``lines_of``."""
    found: Problems = defaultdict(list, kept_problems(act, values))
    for name in ("title", "aim", "places"):
        if not getattr(values, name) and "required" not in found[name]:
            found[name].append("required")
    texts = (values.words, *lines)
    seen = [visibility_allowed(values.visibility, values.beneficiaries, one) for one in texts]
    found["visibility"] += [one.code for one in seen if not one][:1]
    return {name: codes for name, codes in found.items() if codes}


def refuse_problems(problems: Problems, **params: str) -> None:
    """Raise Invalid with the fields, where there are any."""
    if problems:
        raise Invalid("project_invalid", fields=problems, **params)


def refuse_unready(act: Act, values: ProjectValues, lines: Iterable[str] = ()) -> None:
    """Raise Invalid where something stands against showing it; blanks are named."""
    found, blanks = problems_of(act, values, lines), blanks_of(values)
    for name in blanks:
        found.setdefault(name, []).append(f"project_blank_{name}")
    refuse_problems(found, **blanks)


def refuse_blanks(values: ProjectValues) -> None:
    """Raise Invalid where an outline was left to be filled in."""
    blanks = blanks_of(values)
    refuse_problems({name: [f"project_blank_{name}"] for name in blanks}, **blanks)


def blanks_of(values: ProjectValues) -> dict[str, str]:
    """The first blank of each field that has one."""
    found = {name: blank_in(getattr(values, name)) for name in BLANKS}
    return {name: blank for name, blank in found.items() if blank}


def blank_in(text: str) -> str:
    """The first empty brackets of an outline, with the words around them; "" where none are."""
    blank = BLANK.search(text)
    if blank is None:
        return ""
    before = re.split(r"[\n，。：；,;:]", text[: blank.start()])[-1][-AROUND:]
    after = re.split(r"[\n，。：；,;:]", text[blank.end() :])[0][:AROUND]
    return f"{before}{blank.group()}{after}".strip()


def text_problems(text: str) -> list[str]:
    """Contact and payment data, money for one person: nothing of it stands in a project."""
    problem = words_problem(text)
    money = money_allowed(Side.NEED, None, text)
    return [f"project_{problem}"] if problem else [] if money else [money.code]


def line_problems(project: Project, text: str) -> list[str]:
    """What stands against a step, a line of the budget or a reason: what stands against the aim,
    said at once, because such a line is read as soon as it is written.
    """
    seen = visibility_allowed(project.visibility, project.beneficiaries, text)
    return text_problems(text) or ([] if seen else [seen.code])


def lines_of(project: Project) -> list[str]:
    """What it says besides title, aim and plan: its steps, its budget, why it was stopped."""
    steps = [one.title for one in project.milestones]
    return [*steps, *(one.purpose for one in project.budget), project.stop_reason]


def visibility_allowed(wanted: Visibility, groups: Iterable[str], text: str) -> Decision:
    """Whether it may be shown to that circle.

    A project may say for which groups it works; words that name a person together with what is
    never public about them stay with the brokers.
    """
    if wanted is Visibility.BROKERS:
        return allow()
    if names_a_person(text) and is_sensitive(Side.NEED, None, groups, text):
        return refuse("project_names_person")
    return allow()


def _place_problems(session: Session, places: tuple[str, ...]) -> list[str]:
    if len(places) > MOST_DIVISIONS:
        return ["too_many_places"]
    return ["unknown_place"] if len(paths(session, places)) < len(places) else []
