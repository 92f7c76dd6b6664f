"""What a broker asks of their matches, as one value, and how it stands in an address.

Reading never fails: what cannot be understood is left out and named, so that the page can say so.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from exchange.brokering.kinds import LIVE_STATES, MatchState

LONGEST_TEXT = 100
LONGEST_QUESTION = 600
DIVISION = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?\Z")
PUBLIC_ID = re.compile(r"[a-z0-9]{1,20}\Z")
LIST, BOARD = "list", "board"
MINE, AWAY, POINT, CENTRE, ALL = "mine", "away", "point", "centre", "all"
WORKER = "w-"  # before a worker's public id
ENDED = "ended"
OVERDUE, WEEK = "overdue", "week"
STALLED, ASIDE = "stalled", "aside"
VOLUNTEERS = "availability"  # the form of offers that are volunteers' time
SORTS = ("newest", "oldest", "untouched", "due")
QUIET_DAYS = ("3", "7", "14", "30")
ENDED_STATES = tuple(state for state in MatchState if state not in LIVE_STATES)


@dataclass(frozen=True)
class AskedMatches:
    """Look, filters and order. Empty values ask for everything.

    ``who``: mine, of those I stand in for, my point's, my centre's, all, or WORKER with a public
    id. ``state``: empty for what goes on, ENDED, or one state. ``division``: a prefix of the
    need's. ``organisation``: a public id. ``since``: taken up on that ISO day or later.
    ``quiet``: untouched for so many days. ``form``: VOLUNTEERS.
    """

    look: str = LIST
    who: str = MINE
    state: str = ""
    category: str = ""
    division: str = ""
    organisation: str = ""
    due: str = ""
    rest: str = ""
    since: str = ""
    quiet: str = ""
    form: str = ""
    q: str = ""
    sort: str = "newest"

    def but(self, **changes: str) -> "AskedMatches":
        """The same question with other values."""
        return replace(self, **changes)

    @property
    def states(self) -> tuple[MatchState, ...]:
        """The states that are asked for, in the order of life."""
        if self.state == ENDED:
            return ENDED_STATES
        return (MatchState(self.state),) if self.state else LIVE_STATES

    @property
    def group(self) -> tuple[MatchState, ...]:
        """The states among which the one that is asked for stands: those that go on, or ended."""
        ended = self.state == ENDED or (self.state and self.states[0] in ENDED_STATES)
        return ENDED_STATES if ended else LIVE_STATES

    @property
    def filters(self) -> int:
        """How many filters narrow the answer, without look, person, state, text and order."""
        chosen = (
            self.category, self.division, self.organisation, self.due, self.rest, self.since,
            self.quiet, self.form,
        )  # fmt: skip
        return sum(bool(one) for one in chosen)


USUAL = AskedMatches()


def read_asked(
    values: Mapping[str, str], categories: Collection[str]
) -> tuple[AskedMatches, tuple[str, ...]]:
    """The question in an address's parameters, and the names of those that made no sense."""
    allowed: dict[str, Collection[str]] = {
        "look": (LIST, BOARD),
        "state": (ENDED, *(state.value for state in MatchState)),
        "category": categories,
        "due": (OVERDUE, WEEK),
        "rest": (STALLED, ASIDE),
        "quiet": QUIET_DAYS,
        "form": (VOLUNTEERS,),
        "sort": SORTS,
    }
    tests: dict[str, Callable[[str], object]] = {
        "who": _is_person, "division": DIVISION.match, "organisation": PUBLIC_ID.match,
        "since": _is_day,
    }  # fmt: skip
    found: dict[str, str] = {"q": one_line(values.get("q", ""))[:LONGEST_TEXT].strip()}
    ignored = []
    for name in (*allowed, *tests):
        given = values.get(name, "").strip()
        good = given in allowed[name] if name in allowed else tests[name](given)
        if given and good:
            found[name] = given
        elif given:
            ignored.append(name)
    return AskedMatches(**found), tuple(ignored)


def parameters(asked: AskedMatches, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The question as pairs for an address; what is as usual is left out."""
    for item in fields(asked):
        value = getattr(asked, item.name)
        if item.name not in without and value != getattr(USUAL, item.name):
            yield item.name, value


def write_question(asked: AskedMatches) -> str:
    """The question as it is kept."""
    return urlencode(list(parameters(asked)))


def read_question(text: str, categories: Collection[str]) -> AskedMatches:
    """A kept question; what can no longer be read is left out."""
    pairs = parse_qsl(text[:LONGEST_QUESTION * 4], max_num_fields=50)
    return read_asked(dict(pairs), categories)[0]


def one_line(text: str) -> str:
    """The text without characters that are no text, on one line."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())


def _is_person(text: str) -> bool:
    if text.startswith(WORKER):
        return bool(PUBLIC_ID.match(text.removeprefix(WORKER)))
    return text in (MINE, AWAY, POINT, CENTRE, ALL)


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return date(2000, 1, 1) <= day <= date(2100, 1, 1)
