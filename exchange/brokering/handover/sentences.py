"""The words of a handover: its lines, and the summary that each case begins with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.brokering.centre.caseload_rules import Worker
from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.handover.queries import LoadedCase
from exchange.brokering.kinds import Answer, MatchState
from exchange.brokering.labels import pair_words, state_label, state_tone, step_words
from exchange.brokering.models import Commitment, Match
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import day_here, local_day, local_moment

NEXT = {
    MatchState.CLAIMED: _l("Ask both sides."),
    MatchState.PROPOSED: _l("Wait for the answers; call if none comes."),
    MatchState.INTRODUCED: _l("Agree what is given and when."),
    MatchState.AGREED: _l("See that it arrives."),
    MatchState.DELIVERING: _l("See that the rest arrives and the outcome is confirmed."),
    MatchState.COMPLETED: _l("Close the file with a judgement."),
    MatchState.DECLINED: _l("Look for somebody else for this need."),
    MatchState.LAPSED: _l("Look for somebody else for this need."),
}


@dataclass
class CaseLine:
    """One case on the form: who may get it, and what is written for them."""

    key: str
    title: str
    url_kind: str
    url_id: str
    state: str
    tone: str
    to: str
    summary: str
    receivers: tuple[tuple[str, str], ...]
    has_ended: bool = False
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PassedOn:
    """A handover that has been: when, by whom, and who took over how many.

    ``is_again``: what was sent now had passed on by it.
    """

    public_id: str
    when: str
    by: str
    shares: tuple[tuple[str, int], ...]
    is_again: bool


def passed_on(
    found: Handover, cases: Sequence[HandoverCase], sent: Sequence[str] = ()
) -> PassedOn:
    """A handover in a few words, from those of its cases that the reader may read."""
    names = {one.to_person_id: one.to_person.name for one in cases}
    counts = Counter(one.to_person_id for one in cases)
    shares = tuple((names[key], count) for key, count in counts.most_common())
    return PassedOn(
        found.public_id, local_moment(found.made_at), found.made_by.name, shares,
        is_again=any(one.key in sent for one in cases),
    )  # fmt: skip


def case_line(
    actor: Actor, loaded: LoadedCase, receivers: list[Worker], locale: str, today: date
) -> CaseLine:
    """A case with its first words; nobody is chosen yet."""
    match, need = loaded.match, loaded.need
    able = tuple(
        (one.public_id, one.name) for one in receivers if one.serves(loaded.case.division_code)
    )
    return CaseLine(
        key=loaded.case.key,
        title=case_title(actor, match, locale) if match else shown_title(actor, need),
        url_kind="match" if match else "need",
        url_id=match.public_id if match else need.public_id,
        state=state_label(match) if match else _("Looking for an answer"),
        tone=state_tone(match.state) if match else "need",
        to="",
        summary=summary_of(loaded, locale, today),
        receivers=able,
        has_ended=loaded.has_ended,
    )


def how_many(lines: Sequence[CaseLine]) -> str:
    """How many cases are open, as the day and the centre count them, and how many have ended."""
    ended = sum(1 for line in lines if line.has_ended)
    is_open = len(lines) - ended
    parts = []
    if is_open:
        parts.append(ngettext("%(num)s case is open.", "%(num)s cases are open.", is_open))
    if ended:
        parts.append(
            ngettext(
                "%(num)s has ended and leaves something to do.",
                "%(num)s have ended and leave something to do.",
                ended,
            )
        )
    return " ".join(parts)


def case_title(actor: Actor, match: Match, locale: str) -> str:
    """Both sides of a match in one line."""
    return pair_words(*(title_of(actor, match, side, locale) for side in (Side.NEED, Side.OFFER)))


def summary_of(loaded: LoadedCase, locale: str, today: date) -> str:
    """Where a case stands, what is promised and what is due next, from what is on record."""
    match = loaded.match
    if match is None:
        return str(_("Nobody has been found yet. Next: look through the suggestions."))
    lines = [_("Stands at: %(state)s.", state=state_label(match))]
    if loaded.last is not None:
        lines.append(
            _("Last: %(day)s, %(what)s.", day=local_day(loaded.last.at),
              what=step_words(match, loaded.last, brokers=True))
        )  # fmt: skip
    lines += _answers(match)
    lines += [_promise(match, one, locale, today) for one in match.commitments if _is_open(one)]
    if match.state in NEXT:
        lines.append(_("Next: %(what)s", what=str(NEXT[match.state])))
    return "\n".join(str(line) for line in lines)


def _answers(match: Match) -> list[str]:
    if match.state is not MatchState.PROPOSED:
        return []
    words = {
        Answer.PENDING: _("has not answered"),
        Answer.ACCEPTED: _("said yes"),
        Answer.DECLINED: _("said no"),
    }
    names = {Side.NEED: _("The village side"), Side.OFFER: _("The helping side")}
    return [
        _("%(who)s %(what)s.", who=names[side], what=words[match.side(side).answer])
        for side in Side
    ]


def _is_open(item: Commitment) -> bool:
    return item.released_at is None and item.delivered_milli < item.taken_milli


def _promise(match: Match, item: Commitment, locale: str, today: date) -> str:
    unit = match.offer.unit or ""
    amount = format_quantity(item.taken_milli, unit, locale)
    came = format_quantity(item.delivered_milli, unit, locale)
    if item.due_on is None:
        return str(_("Promised: %(amount)s, %(came)s have arrived.", amount=amount, came=came))
    due = day_here(item.due_on)
    if item.due_on < today:
        return str(
            _("Promised: %(amount)s by %(due)s, overdue; %(came)s have arrived.",
              amount=amount, due=due, came=came)
        )  # fmt: skip
    return str(
        _("Promised: %(amount)s by %(due)s; %(came)s have arrived.",
          amount=amount, due=due, came=came)
    )  # fmt: skip
