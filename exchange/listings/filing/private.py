"""What is private of a filing: for whom it is, sealed, and kept out of what everybody reads."""

import json
from dataclasses import asdict, dataclass

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.listings.filing.models import Filing
from exchange.listings.filing.naming import holds_name
from exchange.listings.filing.queries import filing_of
from exchange.listings.models import Listing
from exchange.listings.values import ListingValues, clean_text, one_line

SEEN_BY_ALL = ("title", "text", "public_title")


@dataclass(frozen=True)
class Villager:
    """For whom it is: all that is private. ``note`` are words on the consent."""

    name: str = ""
    reach: str = ""
    words: str = ""
    note: str = ""

    def cleaned(self) -> "Villager":
        """Without characters that no text has."""
        return Villager(
            one_line(self.name),
            clean_text(self.reach),
            clean_text(self.words),
            clean_text(self.note),
        )


def open_villager(act: Act, filing: Filing) -> Villager:
    """The private part in clear. Raises Conflict once it is deleted."""
    if filing.private_sealed is None:
        raise Conflict("filing_forgotten")
    clear = act.house.secrets.open(filing.private_sealed, _place(filing))
    return Villager(**json.loads(clear))


def seal_villager(act: Act, filing: Filing, who: Villager) -> None:
    """Put the private part into the filing, which has its public id by now."""
    clear = json.dumps(asdict(who), ensure_ascii=False, sort_keys=True)
    filing.private_sealed = act.house.secrets.seal(clear, _place(filing))


def name_problems(act: Act, listing: Listing, values: ListingValues) -> dict[str, list[str]]:
    """Where the words for everybody name the person for whom a listing is filed, as codes by field.

    Nobody is shown the name by this, so it is not put on record.
    """
    filing = filing_of(act.session, listing.id) if listing.id is not None else None
    if filing is None or filing.private_sealed is None:
        return {}
    name = open_villager(act, filing).name
    return {
        field: ["filing_name_in_words"]
        for field in SEEN_BY_ALL
        if holds_name(getattr(values, field) or "", name)
    }


def _place(filing: Filing) -> str:
    return f"listing_filing.private.{filing.public_id}"
