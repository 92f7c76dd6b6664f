"""News of looks at what proxies did."""

from dataclasses import dataclass

from exchange.brokering.events import MatchEvent


@dataclass(frozen=True)
class ProxyEvidenceShown(MatchEvent):
    """A supervisor looked at the consent behind something that a proxy did."""

    entry_id: int
