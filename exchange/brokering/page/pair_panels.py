"""A suggested pair as one line of work, with what speaks for it and against it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext as _

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.queries import full_label, organisation_label
from exchange.brokering.labels import pair_words
from exchange.brokering.pairs import unanswered_before
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.matching.panels import MUTE, pair_needs_check, seen_words
from exchange.matching.queries import Suggested
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import AGAINST, HIDDEN, ReasonLine, is_shown, reason_lines
from exchange.matching.values import Reason
from exchange.web.acting import current_actor, read_session
from exchange.web.dates import local_day
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class PairLine:
    """One suggested pair. ``near_url`` leads to the reasons below the line, ``url`` beside it."""

    key: str
    need_id: str
    offer_id: str
    need: str
    offer: str
    url: str
    near_url: str
    text: str
    score: int
    selected: bool
    reasons: tuple[ReasonLine, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


def key_of(pair: Suggested) -> str:
    """How a pair is named in an address."""
    return f"{pair.need.public_id}-{pair.offer.public_id}"


def pair_lines(
    pairs: Sequence[Suggested],
    chosen: Suggested | None,
    elsewhere: Collection[int] = frozenset(),
) -> list[PairLine]:
    """One line each; five queries at most, whatever their number.

    ``elsewhere`` are ids of suggestions that stand after those of the own station, whatever their
    scores, and say so.
    """
    actor = current_actor()
    reasons = _short_reasons(actor, pairs)
    asked = unanswered_before(
        read_session(), [(pair.need.id, pair.offer.id) for pair in pairs]
    )
    return [
        _line(
            actor, pair, pair is chosen, reasons.get(pair.suggestion_id, ()),
            _tags(
                pair, asked.get((pair.need.id, pair.offer.id)),
                is_elsewhere=pair.suggestion_id in elsewhere,
            ),
        )
        for pair in pairs
    ]  # fmt: skip


def _line(
    actor: Actor,
    pair: Suggested,
    selected: bool,
    reasons: tuple[ReasonLine, ...],
    tags: tuple[tuple[str, str], ...],
) -> PairLine:
    after, key = request.args.get("after"), key_of(pair)
    return PairLine(
        key=key,
        need_id=pair.need.public_id,
        offer_id=pair.offer.public_id,
        need=shown_title(actor, pair.need),
        offer=shown_title(actor, pair.offer),
        url=url_for("queue.today", pair=key, after=after) + "#why",
        near_url=url_for("queue.today", pair=key, after=after) + "#chosen",
        text=pair_words(owner_name(actor, pair.need), owner_name(actor, pair.offer)),
        score=percent_of(pair.score),
        selected=selected,
        reasons=reasons,
        tags=tags,
    )


def _tags(
    pair: Suggested, asked: datetime | None, *, is_elsewhere: bool
) -> tuple[tuple[str, str], ...]:
    """What is to be known of it. ``asked``: when it was last asked and came to nothing."""
    tags = [(str(_("Other stations")), "")] if is_elsewhere else []
    tags += [(seen_words(pair), "")] if pair.seen else []
    if asked is not None:
        words = _("asked before, no answer by %(date)s", date=local_day(asked))
        tags.append((str(words), "warn"))
    if pair_needs_check(pair.need, pair.offer):
        tags.append((str(_("Verify and check before introducing")), "warn"))
    return tuple(tags)


def owner_name(actor: Actor, listing: Listing) -> str:
    """The owner's name; a private person from elsewhere is somebody."""
    owner = listing.organisation
    if can_see_organisation(actor, owner):
        return full_label(owner, locale_code())
    if owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return str(_("a villager") if listing.side is Side.NEED else _("a volunteer"))
    return organisation_label(owner, locale_code())


def _short_reasons(
    actor: Actor, pairs: Sequence[Suggested]
) -> dict[int, tuple[ReasonLine, ...]]:
    """By suggestion what speaks most for the pair, and most against it, where anything does."""
    found: dict[int, tuple[ReasonLine, ...]] = {}
    for detailed in (True, False):
        chosen = [
            (pair.suggestion_id, reason)
            for pair in pairs
            if (sees_details(actor, pair.need) and sees_details(actor, pair.offer)) is detailed
            for reason in _weightiest(pair.reasons, detailed=detailed)
        ]
        lines = reason_lines([reason for _id, reason in chosen], detailed=detailed)
        for (key, _reason), line in zip(chosen, lines, strict=True):
            found[key] = (*found.get(key, ()), line)
    return found


def _weightiest(reasons: Sequence[Reason], *, detailed: bool) -> list[Reason]:
    told = [
        one
        for one in reasons
        if is_shown(one)
        and abs(one.contribution) >= MUTE
        and (detailed or not one.code.startswith(HIDDEN))
    ]
    best = sorted(told, key=lambda one: -abs(one.contribution))
    for_it = [one for one in best if one.sign != AGAINST][:1]
    return for_it + [one for one in best if one.sign == AGAINST][:1]
