"""Pictures of news with what was said about the children on them, and who follows a project.

A picture is a stored file like those of listings. The statement about children, who made it and
when stand beside it; there is no picture without one. Who follows is known to nobody but them.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.files.models import StoredFile
from exchange.files.rules import PictureStatement
from exchange.kernel.database import Base, str_enum
from exchange.projects.models import ProjectUpdate


class ProjectUpdatePhoto(Base):
    """A picture of one piece of news."""

    __tablename__ = "project_update_photo"

    update_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_update.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stored_file.id"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    statement: Mapped[PictureStatement] = mapped_column(str_enum(PictureStatement))
    stated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    stated_at: Mapped[datetime]

    update: Mapped[ProjectUpdate] = relationship()
    file: Mapped[StoredFile] = relationship()


class KeptPicture(Base):
    """A picture that was sent with a form that came back: it waits for its words for a day."""

    __tablename__ = "project_news_kept_picture"

    file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True
    )
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    statement: Mapped[PictureStatement] = mapped_column(str_enum(PictureStatement))
    kept_at: Mapped[datetime] = mapped_column(index=True)

    file: Mapped[StoredFile] = relationship()


class ProjectFollower(Base):
    """Somebody wants to hear of a project."""

    __tablename__ = "project_follower"

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    since: Mapped[datetime]
