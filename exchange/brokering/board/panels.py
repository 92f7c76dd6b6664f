"""What the list and the board of matches show: lines, filters, the links that change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.place_forms import place_labels
from exchange.accounts.queries import full_label, organisations_by_ids
from exchange.brokering.board import rules
from exchange.brokering.board.bulk import Chosen
from exchange.brokering.board.choice_queries import choices_of, workers_of
from exchange.brokering.board.labels import DUES, FORMS, RESTS, SORTS, WHOSE
from exchange.brokering.board.postponing_queries import next_due, rests_until
from exchange.brokering.board.queries import Moment, stalled_ids
from exchange.brokering.board.rules import AskedMatches, parameters
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.labels import STATES, state_label, state_tone
from exchange.brokering.models import Match
from exchange.brokering.rules import PROGRESS
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.taxonomy.categories import taxonomy
from exchange.web.dates import day_here, local_day
from exchange.web.locale import locale_code

STEPS = 5
Option = tuple[str, str]


@dataclass(frozen=True)
class Chip:
    """One tap that changes the question. ``removes``: the tap takes a filter away."""

    url: str
    label: str
    active: bool = False
    count: int | None = None
    removes: bool = False


@dataclass(frozen=True)
class MatchLine:
    """A match in the list or on the board; fits the macro ``queue_item``."""

    key: str
    need: str
    offer: str
    url: str
    text: str
    tags: tuple[Option, ...]
    score: int
    ring_text: str
    ring_tone: str
    is_live: bool
    title: str = ""
    near_url: str = ""
    selected: bool = False


def asked_in_request() -> tuple[AskedMatches, tuple[str, ...]]:
    """The question of this request, and the names of parameters that made no sense.

    ``tab=ended`` stood in addresses that people may have kept.
    """
    values = request.args.to_dict()
    if values.get("tab") == rules.ENDED:
        values.setdefault("state", rules.ENDED)
    return rules.read_asked(values, taxonomy().categories)


def asked_in_text(question: str) -> AskedMatches:
    """A kept question."""
    return rules.read_question(question, taxonomy().categories)


def address(asked: AskedMatches, **more: str) -> str:
    """The address under which this question is answered; never without a parameter."""
    values = [("who", asked.who), *parameters(asked, without=("who",)), *more.items()]
    return f"{url_for('queue.matches')}?{urlencode(values)}"


def lines_of(
    session: Session, actor: Actor, matches: Sequence[Match], moment: Moment
) -> list[MatchLine]:
    """A line for each match, in order, in two queries."""
    ids = [match.id for match in matches]
    due, stalled = next_due(session, ids), stalled_ids(session, ids)
    return [
        _line(actor, match, due.get(match.id), moment, is_stalled=match.id in stalled)
        for match in matches
    ]


def pair_title(actor: Actor, match: Match) -> str:
    """Both titles in one."""
    need, offer = (title_of(actor, match, side, locale_code()) for side in Side)
    return str(_("%(need)s with %(offer)s", need=need, offer=offer))


def _line(
    actor: Actor, match: Match, due_on: date | None, moment: Moment, *, is_stalled: bool
) -> MatchLine:
    live = match.state in LIVE_STATES
    step = PROGRESS.get(match.state)
    overdue = live and due_on is not None and due_on < moment.today
    return MatchLine(
        key=Chosen(match.public_id, match.version, match.broker.public_id).key,
        need=title_of(actor, match, Side.NEED, locale_code()),
        offer=title_of(actor, match, Side.OFFER, locale_code()),
        url=url_for("brokering.show", public_id=match.public_id),
        text=_untouched(match, moment) if live else local_day(match.updated_at),
        tags=_tags(actor, match, due_on if live else None, moment, is_stalled=is_stalled and live),
        score=100 * (step or 0) // STEPS,
        ring_text="–" if step is None else "✓" if step == STEPS else f"{step}/{STEPS}",
        ring_tone="need" if overdue else "",
        is_live=live,
    )


def _tags(
    actor: Actor, match: Match, due_on: date | None, moment: Moment, *, is_stalled: bool
) -> tuple[Option, ...]:
    tags: list[Option] = [(state_label(match), state_tone(match.state))]
    until = rests_until(match, moment.today)
    if until and match.state in LIVE_STATES:
        tags.append((str(_("set aside until %(day)s", day=day_here(until))), ""))
    elif is_stalled:
        tags.append((str(_("resting for too long")), "warn"))
    if due_on is not None:
        words = _("overdue since %(date)s") if due_on < moment.today else _("due on %(date)s")
        tags.append((str(words) % {"date": day_here(due_on)}, "warn"))
    if match.broker_id != actor.person_id:
        tags.append((match.broker.name, ""))
    return tuple(tags)


def _untouched(match: Match, moment: Moment) -> str:
    days = max((moment.now - match.updated_at).days, 0)
    if not days:
        return str(_("touched today"))
    return str(ngettext("untouched for %(num)s day", "untouched for %(num)s days", days))


def state_chips(asked: AskedMatches, counts: Mapping[MatchState, int]) -> list[Chip]:
    """All that goes on, each state of the group, and the other group; with true counts."""
    group = asked.group
    whole = "" if group is LIVE_STATES else rules.ENDED
    other = rules.ENDED if group is LIVE_STATES else ""
    labels = {"": _("Going on"), rules.ENDED: _("Ended")}
    rest = rules.ENDED_STATES if group is LIVE_STATES else LIVE_STATES
    return [
        Chip(
            address(asked.but(state=whole)), str(labels[whole]), asked.state == whole,
            sum(counts[state] for state in group),
        ),
        *(
            Chip(
                address(asked.but(state=state.value)), str(STATES[state]),
                asked.state == state.value, counts[state],
            )
            for state in group
        ),
        Chip(
            address(asked.but(state=other)), str(labels[other]), False,
            sum(counts[state] for state in rest),
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the sheet of filters offers: values and labels, the chosen ones among them."""

    who: tuple[Option, ...]
    workers: tuple[Option, ...]
    categories: tuple[Option, ...]
    places: tuple[Option, ...]
    organisations: tuple[Option, ...]
    dues: tuple[Option, ...]
    rests: tuple[Option, ...]
    quiet: tuple[Option, ...]
    forms: tuple[Option, ...]
    sorts: tuple[Option, ...]


def filters_of(session: Session, actor: Actor, asked: AskedMatches, moment: Moment) -> Filters:
    """The choices for this reader, from what stands in their matches; four queries."""
    found = choices_of(session, actor, asked, moment)
    owners = organisations_by_ids(session, found.organisation_ids)
    chosen_codes = {asked.category} - {""}
    codes = sorted(
        {one.code for code in found.categories | chosen_codes for one in taxonomy().path(code)}
    )
    areas = {code[:digits] for code in found.divisions for digits in (6, 9) if len(code) >= digits}
    if asked.division:
        areas.add(asked.division)
    names = place_labels(sorted(areas)) if areas else {}
    return Filters(
        who=_persons(actor),
        workers=tuple((f"{rules.WORKER}{key}", name) for key, name in workers_of(session, actor)),
        categories=tuple((code, taxonomy().path_name(code, locale_code())) for code in codes),
        places=tuple((code, names.get(code) or code) for code in sorted(areas)),
        organisations=tuple(
            sorted(
                ((one.public_id, full_label(one, locale_code())) for one in owners.values()),
                key=lambda pair: (pair[1], pair[0]),
            )
        ),
        dues=_words(DUES),
        rests=_words(RESTS),
        quiet=tuple(
            (days, str(_("%(days)s days or longer", days=days))) for days in rules.QUIET_DAYS
        ),
        forms=_words(FORMS),
        sorts=_words(SORTS),
    )


def _persons(actor: Actor) -> tuple[Option, ...]:
    found = [rules.MINE]
    if actor.stands_in_for:
        found.append(rules.AWAY)
    found.append(rules.POINT)
    if actor.supervises:
        found.append(rules.CENTRE)
    return tuple((value, str(WHOSE[value])) for value in (*found, rules.ALL))


def chosen_chips(asked: AskedMatches, filters: Filters) -> list[Chip]:
    """Each filter that is set, with a tap that takes it away."""
    named: dict[str, tuple[Option, ...]] = {
        "category": filters.categories, "division": filters.places,
        "organisation": filters.organisations, "due": filters.dues, "rest": filters.rests,
        "form": filters.forms,
    }  # fmt: skip
    chips = []
    if asked.who != rules.MINE:
        label = dict(filters.who + filters.workers).get(asked.who, asked.who)
        chips.append(_set(asked.but(who=rules.MINE), label))
    for name, options in named.items():
        value = getattr(asked, name)
        if value:
            label = dict(options).get(value, value)
            chips.append(_set(asked.but(**{name: ""}), label.rpartition(" › ")[2]))
    if asked.since:
        chips.append(_set(asked.but(since=""), _since_words(asked.since)))
    if asked.quiet:
        chips.append(_set(asked.but(quiet=""), _quiet_words(asked.quiet)))
    if asked.q:
        chips.append(_set(asked.but(q=""), f"“{asked.q}”"))
    return chips


def _set(without: AskedMatches, label: str) -> Chip:
    return Chip(address(without), label, active=True, removes=True)


def _words(labels: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple((value, str(label)) for value, label in labels.items())


def shown_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a refusal for this reader: days as people write them."""
    return {
        name: day_here(value) if isinstance(value, date) else value
        for name, value in params.items()
    }


def words_of(
    asked: AskedMatches,
    places: Mapping[str, str],
    owners: Mapping[str, str],
    names: Mapping[str, str],
) -> str:
    """A kept question in a line; names of places, organisations and workers by their ids."""
    if asked.who.startswith(rules.WORKER):
        parts = [names.get(asked.who.removeprefix(rules.WORKER), "")]
    else:
        parts = [str(WHOSE[asked.who])]
    parts += [
        str(_("Ended")) if asked.state == rules.ENDED else
        str(STATES[MatchState(asked.state)]) if asked.state else "",
        taxonomy().name(asked.category, locale_code()) if asked.category else "",
        places.get(asked.division, asked.division),
        owners.get(asked.organisation, ""),
        str(DUES[asked.due]) if asked.due else "",
        str(RESTS[asked.rest]) if asked.rest else "",
        str(FORMS[asked.form]) if asked.form else "",
        _since_words(asked.since),
        _quiet_words(asked.quiet),
        f"“{asked.q}”" if asked.q else "",
        str(SORTS[asked.sort]) if asked.sort != "newest" else "",
        str(_("Board")) if asked.look == rules.BOARD else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _since_words(since: str) -> str:
    day = day_here(date.fromisoformat(since)) if since else ""
    return str(_("taken up since %(day)s", day=day)) if since else ""


def _quiet_words(days: str) -> str:
    return str(_("untouched for %(days)s days or longer", days=days)) if days else ""
