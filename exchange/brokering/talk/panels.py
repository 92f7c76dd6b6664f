"""Messages, files, who saw a contact, how it was and what became of it, for one reader."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.deeds.attaching import files_of
from exchange.brokering.deeds.following_up import feedback_for, follow_ups_of
from exchange.brokering.deeds.kinds import Deed, FollowUpKind, FollowUpState, Thread
from exchange.brokering.deeds.labels import (
    AGAIN,
    AGAIN_REASONS,
    FOLLOW_UP_STATES,
    FOLLOW_UPS,
    HELPED,
    PERIODS,
    THREADS,
)
from exchange.brokering.deeds.models import Feedback, FollowUp, MatchFile, MatchMessage
from exchange.brokering.deeds.panels import Speaking, side_words
from exchange.brokering.deeds.rules import may_do, may_note_follow_up
from exchange.brokering.kinds import CONTACT_STATES
from exchange.brokering.models import ContactReveal, Match, Outcome
from exchange.brokering.rules import Party
from exchange.brokering.talk.discretion import brokers_it
from exchange.brokering.talk.messaging import may_write, messages_of, threads_of
from exchange.brokering.talk.revealing import reveals_of_person
from exchange.files.documents import MEDIA_TYPE as PDF
from exchange.files.rules import size_words
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import day_here, local_day, local_moment


@dataclass(frozen=True)
class MessageLine:
    """Somebody's words."""

    who: str
    when: str
    moment: str
    text: str
    is_mine: bool


@dataclass(frozen=True)
class ThreadView:
    """A thread with its newest messages, the oldest first."""

    thread: Thread
    label: str
    lines: tuple[MessageLine, ...]
    may_write: bool


@dataclass(frozen=True)
class FileView:
    """A picture or a PDF; ``name`` and ``size`` are those of a PDF."""

    public_id: str
    caption: str
    is_pdf: bool
    name: str
    size: str
    who: str
    when: str
    is_internal: bool
    may_remove: bool


@dataclass(frozen=True)
class RevealLine:
    """Somebody was shown the reader's contact."""

    who: str
    role: str
    when: str
    times: int


@dataclass(frozen=True)
class ConsentView:
    """A side's contact: whether it is withdrawn, and what the reader may do about it.

    ``asks_first``: the reader cannot let it be seen again by their own word, so that withdrawing it
    is asked about first. ``give``: the side where the reader may; True: as a proxy.
    """

    side: Side
    label: str
    is_withdrawn: bool
    may_withdraw: bool
    asks_first: bool
    give: tuple[tuple[Side, bool], ...]


@dataclass(frozen=True)
class FeedbackView:
    """What a side was asked and has said; ``is_mine``: the reader's own word is wanted."""

    side: Side
    label: str
    helped: int
    helped_label: str
    again_label: str
    reason_label: str
    text: str
    when: str
    is_mine: bool
    by_proxy: bool
    may_proxy: bool


@dataclass(frozen=True)
class FollowUpView:
    """A day on which the broker looks again."""

    kind: FollowUpKind
    label: str
    day: str
    state: FollowUpState
    state_label: str
    note: str
    is_due: bool
    is_early: bool


@dataclass(frozen=True)
class OutcomeView:
    """What came of it, in words of the reader's language."""

    text: str
    people: int
    facts: tuple[tuple[str, str], ...]
    lessons: str
    evaluation: str


def thread_views(session: Session, actor: Actor, match: Match) -> tuple[ThreadView, ...]:
    """The threads that the reader may read; those that are empty and closed are left out."""
    threads = threads_of(actor, match)
    found = messages_of(session, match.id, threads)
    views = [
        ThreadView(
            thread,
            str(THREADS[thread]),
            tuple(_line(one, actor) for one in found[thread]),
            may_write(actor, match, thread),
        )
        for thread in threads
    ]
    return tuple(one for one in views if one.lines or one.may_write)


def _line(one: MatchMessage, actor: Actor) -> MessageLine:
    role = side_words(one.side) if one.side else str(_("Social worker"))
    return MessageLine(
        f"{one.author.name} · {role}",
        local_moment(one.at),
        one.at.isoformat(),
        one.text,
        one.author_id == actor.person_id,
    )


def file_views(
    session: Session, actor: Actor, match: Match, speaking: Speaking
) -> tuple[FileView, ...]:
    """The pictures and PDFs that the reader may see, the newest first."""
    rows = files_of(session, match.id, internal=brokers_it(actor, match))
    return tuple(_file(row, actor, match, speaking) for row in rows)


def _file(row: MatchFile, actor: Actor, match: Match, speaking: Speaking) -> FileView:
    deed = Deed.KEEP_FILE if row.is_internal else Deed.SHARE_FILE
    mine = row.added_by_id == actor.person_id or Party.BROKER in speaking.parties
    return FileView(
        row.file.public_id,
        row.caption,
        row.file.media_type == PDF,
        row.file_name,
        " ".join(size_words(row.file.size_bytes)),
        row.added_by.name,
        local_day(row.added_at),
        row.is_internal,
        mine and bool(may_do(deed, match.state, speaking.parties)),
    )


def consent_views(match: Match, speaking: Speaking) -> tuple[ConsentView, ...]:
    """Both sides' contacts once the two have met; none before."""
    if match.state not in CONTACT_STATES or not speaking.parties:
        return ()
    return tuple(
        ConsentView(
            side,
            side_words(side),
            match.side(side).contact_withdrawn_at is not None,
            bool(speaking.parties & {Party(side.value), Party.BROKER}),
            side not in speaking.own,
            speaking.of([side]),
        )
        for side in Side
    )


def reveal_lines(session: Session, actor: Actor, match: Match) -> tuple[RevealLine, ...]:
    """Who was shown the reader's own contact in this match."""
    if actor.person_id is None or match.introduced_at is None:
        return ()
    rows = reveals_of_person(session, actor.person_id, match_id=match.id)
    return tuple(reveal_line(row) for row in rows)


def reveal_line(row: ContactReveal) -> RevealLine:
    """A line of the record, for the person whose contact it is."""
    role = side_words(row.as_side) if row.as_side else str(_("Social worker"))
    return RevealLine(row.shown_to.name, role, local_moment(row.last_at), row.times)


def feedback_views(
    session: Session, actor: Actor, match: Match, speaking: Speaking
) -> tuple[FeedbackView, ...]:
    """What the reader may know of what both sides say; empty while nobody was asked."""
    may = bool(may_do(Deed.GIVE_FEEDBACK, match.state, speaking.parties))
    return tuple(_feedback(row, speaking, may=may) for row in feedback_for(session, actor, match))


def _feedback(row: Feedback, speaking: Speaking, *, may: bool) -> FeedbackView:
    return FeedbackView(
        side=row.side,
        label=side_words(row.side),
        helped=row.helped or 0,
        helped_label=str(HELPED[row.helped]) if row.helped else "",
        again_label=str(AGAIN[row.again]) if row.again else "",
        reason_label=str(AGAIN_REASONS[row.again_reason]) if row.again_reason else "",
        text=row.text,
        when=local_day(row.given_at) if row.given_at else "",
        is_mine=may and row.side in speaking.own,
        by_proxy=row.proxy_consent is not None,
        may_proxy=may and row.side in speaking.proxied,
    )


def follow_up_views(session: Session, match: Match, today: date) -> tuple[FollowUpView, ...]:
    """The follow-ups of a match, for its brokers."""
    return tuple(_follow_up(row, today) for row in follow_ups_of(session, match.id))


def _follow_up(row: FollowUp, today: date) -> FollowUpView:
    return FollowUpView(
        row.kind,
        str(FOLLOW_UPS[row.kind]),
        day_here(row.due_on),
        row.state,
        str(FOLLOW_UP_STATES[row.state]),
        row.note,
        row.state is FollowUpState.OPEN and row.due_on <= today,
        not may_note_follow_up(row.due_on, today),
    )


def outcome_view(match: Match, locale: str) -> OutcomeView | None:
    """What came of it, if it is written down."""
    found = match.outcome
    if found is None:
        return None
    unit = found.unit or match.need.unit or ""
    amount = format_quantity(found.delivered_milli, unit, locale)
    pairs = (
        (_("Delivered"), amount),
        (_("People earn more"), _yuan(found, "income", locale)),
        (_("People save"), _yuan(found, "saved", locale)),
    )
    return OutcomeView(
        found.text,
        found.people,
        tuple((str(name), value) for name, value in pairs if value),
        found.lessons,
        found.evaluation,
    )


def _yuan(outcome: Outcome, name: str, locale: str) -> str:
    fen, period = getattr(outcome, f"{name}_fen"), getattr(outcome, f"{name}_period")
    if fen is None or period is None:
        return ""
    return f"{format_quantity(fen * 10, '元', locale)} {PERIODS[period]}"
