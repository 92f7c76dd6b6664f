"""For whom a listing was filed, with which consent; the signed form; numbers of paper forms.

The person's name, how to reach them, their own words and the words on the consent are one
ciphertext, bound to ``listing_filing.private.<public_id>``, which goes at a set time. No index, no
notice and no audit holds it. The draft begins with their words, without numbers, to be tidied; what
the listing said, drafts included, is kept like that of any other.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.files.models import StoredFile
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.filing.kinds import FilingConsent, FilingState
from exchange.listings.filing.rules import form_number
from exchange.listings.kinds import Door
from exchange.listings.models import Listing


class PaperForm(Base):
    """A number given out for a form on paper; those printed together share ``batch``."""

    __tablename__ = "paper_form"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch: Mapped[str] = mapped_column(sa.String(20), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    printed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    printed_at: Mapped[datetime]

    @property
    def number(self) -> str:
        """As it stands on the paper."""
        return form_number(self.id)


class Filing(Base):
    """A listing is for somebody who does not use the site, and with which consent.

    ``heard_by`` is who heard or received the consent, on ``consent_on``. A paper form is entered
    once.
    """

    __tablename__ = "listing_filing"
    __table_args__ = (
        sa.Index("ix_listing_filing_made", "made_at"),
        sa.Index("ix_listing_filing_kept", "forgotten_at", "withdrawn_at"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    form_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper_form.id"), unique=True)
    door: Mapped[Door] = mapped_column(str_enum(Door))
    private_sealed: Mapped[str | None] = mapped_column(sa.Text)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    consent: Mapped[FilingConsent | None] = mapped_column(str_enum(FilingConsent))
    consent_on: Mapped[date | None]
    heard_by: Mapped[str] = mapped_column(sa.String(80), default="")
    read_back: Mapped[bool] = mapped_column(default=False)
    to_introduce: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    forgotten_at: Mapped[datetime | None]

    listing: Mapped[Listing] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    files: Mapped[list["FilingFile"]] = relationship(
        cascade="all, delete-orphan", order_by="FilingFile.position"
    )

    @property
    def state(self) -> FilingState:
        """Forgotten beats withdrawn beats given."""
        if self.forgotten_at is not None:
            return FilingState.FORGOTTEN
        if self.withdrawn_at is not None:
            return FilingState.WITHDRAWN
        return FilingState.WAITING if self.consent is None else FilingState.GIVEN

    @property
    def code(self) -> str:
        """What stands for the person where nobody may read a name: the form's number, or a sign."""
        return form_number(self.form_id) if self.form_id else self.public_id[:6].upper()


class FilingFile(Base):
    """A picture of the signed form. Never public."""

    __tablename__ = "filing_file"

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing_filing.listing_id"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    file: Mapped[StoredFile] = relationship()


class FilingReveal(Base):
    """Somebody was shown for whom a listing was filed: first, last, and how often."""

    __tablename__ = "filing_reveal"

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing_filing.listing_id"), primary_key=True
    )
    shown_to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]

    shown_to: Mapped[Person] = relationship()
