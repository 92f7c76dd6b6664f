"""What was decided about an organisation's standing, and the files of a request."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, Person, VerificationRequest
from exchange.accounts.verification.kinds import DecisionKind
from exchange.files.models import StoredFile
from exchange.kernel.database import Base, BigId, str_enum


class VerificationDecision(Base):
    """One line of an organisation's record. Rows are added, never changed.

    ``before`` is where it stood until then; ``at_centre`` says that a supervisor of the place
    decided; without ``by_id`` it happened by itself.
    """

    __tablename__ = "verification_decision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("verification_request.id"))
    kind: Mapped[DecisionKind] = mapped_column(str_enum(DecisionKind))
    before: Mapped[Verification] = mapped_column(str_enum(Verification))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    checked: Mapped[list[str]] = mapped_column(default=list)
    until: Mapped[date | None]
    at_centre: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    by: Mapped[Person | None] = relationship()


class VerificationFile(Base):
    """A picture or document that an organisation has sent with its request."""

    __tablename__ = "verification_file"

    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("verification_request.id"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    request: Mapped[VerificationRequest] = relationship()
    file: Mapped[StoredFile] = relationship()
