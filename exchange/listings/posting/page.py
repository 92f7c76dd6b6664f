"""The page behind a door as one object: what was sent, what it means, what is wrong with it."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.checking import Problems, chosen_visibility
from exchange.listings.kinds import Door, Side
from exchange.listings.models import Listing
from exchange.listings.posting.reading import Reading, Sent, place_label
from exchange.listings.posting.understanding import DATES, QUANTITY, Understanding
from exchange.listings.queries import photos_of
from exchange.listings.rules import title_from
from exchange.listings.similar import similar_needs
from exchange.listings.values import ListingValues
from exchange.listings.wording import CONTACT, remark_on
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import format_quantity
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class Standing:
    """A need that stands already, and whether it is the person's own."""

    card: ListingCard
    own: bool


@dataclass
class Page:
    """One page of the three doors, or of editing, on its way back to the person."""

    door: Door
    form: Any
    sent: Sent
    understood: Understanding
    reading: Reading
    session: Session
    actor: Actor
    locale: str
    today: date
    dates_chip: str = ""
    understood_shown: bool = False
    draft_id: str = ""
    listing: Listing | None = None
    notice: str = ""
    problems: Problems = field(default_factory=dict)
    can_mask: bool = False
    _duplicates: list[Standing] | None = None

    @property
    def values(self) -> ListingValues:
        """What was sent, as values."""
        return self.reading.values

    @property
    def keep_key(self) -> str:
        """The name under which the browser keeps what is typed."""
        return f"post-{self.door.value}"

    @property
    def is_offer(self) -> bool:
        return self.door.side is Side.OFFER

    def completed(self) -> ListingValues:
        """The values with the title and the visibility they would get."""
        values = self.values
        titled = replace(values, title=values.title or title_from(values.text))
        return replace(titled, visibility=chosen_visibility(self.door.side, titled))

    def add_problems(self, problems: Problems) -> None:
        """Put what is wrong beside the fields, in the reader's language."""
        self.form.show_problems(
            {
                name: [self._sentence(name, code) for code in codes]
                for name, codes in problems.items()
            }
        )
        self.problems = {**self.problems, **problems}

    def _sentence(self, name: str, code: str) -> str:
        text = str(getattr(self.values, name, "") or "")
        remark = remark_on(text) if code.endswith("_in_text") else None
        self.can_mask = self.can_mask or (remark is not None and remark.code == CONTACT)
        words = "、".join(remark.words[:4]) if remark else ""
        return sentence(code, {"words": words})

    def kept_fields(self) -> dict[str, Any]:
        """All that was chosen, for a person who comes back after signing in."""
        unclear = "division_code" in self.problems
        return {
            **self.form.data,
            "division": self.values.division_code or "",
            "division_text": self.sent.place_text if unclear else "",
            "guess": self.sent.tapped,
        }

    @property
    def place_label(self) -> str:
        return place_label(self.session, self.values.division_code, self.locale)

    @property
    def place_offers(self) -> tuple[tuple[str, str], ...]:
        return self.reading.offers

    @property
    def place_errors(self) -> list[str]:
        return [sentence(code) for code in self.problems.get("division_code", ())]

    @property
    def category_chips(self) -> list[tuple[str, str, bool]]:
        """Code, name and whether it is the one taken, the likeliest first."""
        chosen = self.values.category_code
        codes = list(self.understood.categories)
        if chosen and chosen in taxonomy() and chosen not in codes:
            codes = [chosen, *codes][:3]
        return [(code, taxonomy().path_name(code, self.locale), code == chosen) for code in codes]

    @property
    def quantity_chip(self) -> str:
        found = self.understood
        return format_quantity(found.quantity_milli, found.unit or "", self.locale)

    @property
    def guessed(self) -> str:
        """The category the server ticks by itself; empty when the person has tapped one."""
        return "" if self.sent.tapped else self.values.category_code or ""

    @property
    def fact_chips(self) -> list[tuple[str, str, str, bool]]:
        """Name, what it says, its mark, and whether it stands ticked."""
        said = {QUANTITY: self.quantity_chip, DATES: self.dates_chip}
        found = self.understood
        return [
            (name, said[name], mark, self.sent.keeps(name, found))
            for name, mark in found.marks.items()
        ]

    def duplicates(self) -> list[Standing]:
        """The needs that may be this one and stand already, as far as the person may know."""
        if self._duplicates is None:
            found = similar_needs(
                self.session, self.actor, self.door.side, self.completed(),
                self.listing.id if self.listing else None, self.actor.organisation_id,
            )  # fmt: skip
            cards = listing_cards(self.session, self.actor, found, self.locale)
            self._duplicates = [
                Standing(card, self.actor.belongs_to(one.organisation_id))
                for card, one in zip(cards, found, strict=True)
            ]
        return self._duplicates

    @property
    def opens_more(self) -> bool:
        """Whether something under "more details" needs a look."""
        shown = {"text", "children", "photos", "terms", "division_code"}
        return bool(set(self.problems) - shown)

    def photos(self, listing: Listing | None) -> list[str]:
        """Public ids of the pictures that are kept already."""
        return [p.file.public_id for p in photos_of(self.session, listing)] if listing else []

    def areas(self) -> list[tuple[str, str]]:
        """Coverage chips: the own county, city and province, the country, and what is chosen."""
        home = self.values.division_code or self.actor.division or ""
        codes = [home[:n] for n in (6, 4, 2) if len(home) >= n]
        codes += [code for code in self.values.coverage if code not in codes]
        named = [
            (c, place_label(self.session, c, self.locale)) for c in codes if c != WHOLE_COUNTRY
        ]
        return [
            *((c, name) for c, name in named if name),
            (WHOLE_COUNTRY, sentence("whole_country")),
        ]
