"""The tables of steps and deeds as docs/brokering.md prints them; tests hold both together."""

from exchange.brokering.deeds.rules import DEEDS
from exchange.brokering.kinds import MatchState
from exchange.brokering.life.transition_rules import TRANSITIONS, Condition, Told, Transition
from exchange.brokering.rules import Party

HEAD = (
    "| step | from | who | needs | leads to | tells | taken back by |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)
DEED_HEAD = "| deed | in | who |\n| --- | --- | --- |\n"
WHO = {
    Party.BROKER: "broker",
    Party.SUPERVISOR: "supervisor",
    Party.NEED: "village side",
    Party.OFFER: "helping side",
    Party.PROXY: "recorded proxy",
    Party.SYSTEM: "the clock",
}
HEARERS = {
    Told.BROKER: "broker",
    Told.NEED: "village side",
    Told.OFFER: "helping side",
    Told.OWN_SIDE: "that side, unless it acted itself",
}
CONDITIONS = {
    Condition.FREE: "no live match of the pair",
    Condition.UNDISMISSED: "nobody has dismissed it",
    Condition.FITS: "the gates, asked again",
    Condition.SAFE: "verified and checked, where people need protection",
    Condition.TEXT: "words",
    Condition.REASON: "a reason (of a no)",
    Condition.CONSENT: "of a proxy: recorded consent",
    Condition.PENDING: "no answer of that side yet",
    Condition.AMOUNTS: "amounts within what is left",
    Condition.OUTCOME: "a written outcome",
    Condition.VERSION: "the version that was read",
    Condition.DUE: "its day has passed",
    Condition.SOON: "it lapses soon",
    Condition.OTHER_SILENT: "the other side has said nothing",
    Condition.WITHIN_WEEK: "within a week, a supervisor ever",
    Condition.WITHIN_DAY: "of a no: within a day",
    Condition.LISTING_ENDED: "one of the two ended or its owner lost their standing",
}


def table_text() -> str:
    """The whole table in Markdown."""
    return HEAD + "".join(_row(step.value, row) for step, row in TRANSITIONS.items())


def deeds_text() -> str:
    """What leaves the state as it is, in Markdown."""
    return DEED_HEAD + "".join(_deed_row(deed.value, row) for deed, row in DEEDS.items())


def _deed_row(name: str, row: Transition) -> str:
    everywhere = set(row.states) == set(MatchState)
    states = "(every state)" if everywhere else _states(row.states)
    return f"| {name.replace('_', ' ')} | {states} | {_people(row)} |\n"


def _row(name: str, row: Transition) -> str:
    cells = (
        name.replace("_", " "),
        _states(row.states) or "(none: it begins)",
        _people(row),
        "; ".join(CONDITIONS[one] for one in row.needs),
        _states(row.to) or "(stays)",
        ", ".join(words for told, words in HEARERS.items() if told in row.tells),
        ", ".join(step.value.replace("_", " ") for step in row.undo),
    )
    return "| " + " | ".join(cell or "–" for cell in cells) + " |\n"


def _states(states: tuple[MatchState, ...]) -> str:
    return ", ".join(state.value for state in states)


def _people(row: Transition) -> str:
    return ", ".join(words for party, words in WHO.items() if party in row.parties)
