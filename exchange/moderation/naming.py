"""What a case is about, in a line, for those who look after it."""

from exchange.accounts.queries import full_label
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.moderation.kinds import TargetKind
from exchange.moderation.models import ModerationCase
from exchange.web.locale import locale_code


def target_title(case: ModerationCase, actor: Actor) -> str:
    """What it is about, in a line."""
    if case.listing is not None:
        return shown_title(actor, case.listing)
    if case.thing is not None:
        return case.thing.title
    if case.organisation is not None and case.kind is TargetKind.ORGANISATION:
        return full_label(case.organisation, locale_code())
    person = case.about_person.name if case.about_person else ""
    owner = full_label(case.organisation, locale_code()) if case.organisation else ""
    return " · ".join(part for part in (person, owner) if part)
