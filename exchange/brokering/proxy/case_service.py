"""Looking at the consent behind something that a proxy did, on record."""

from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.proxy.case_events import ProxyEvidenceShown
from exchange.brokering.proxy.case_queries import proxy_entry
from exchange.kernel.act import Act


def show_evidence(act: Act, entry_id: int) -> tuple[TimelineEntry, Match]:
    """The words on a consent, for a supervisor of the place. Raises NotFound."""
    entry, match = proxy_entry(act.session, act.actor, entry_id)
    act.emit(ProxyEvidenceShown(match_id=match.id, entry_id=entry.id))
    return entry, match
