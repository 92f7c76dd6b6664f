"""The pictures of news: none without a word about the children on it, and who gave it, and when.

A picture that came with a form that was sent back waits for its words, for whoever sent it and for
a day; so a slow phone need not send it twice.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_picture
from exchange.files.stating import statement_on
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.models import KeptPicture, ProjectUpdatePhoto
from exchange.projects.news.permissions import may_read
from exchange.projects.news.queries import kept_before, kept_pictures, photos_by_update
from exchange.projects.news.rules import MOST_PICTURES, PICTURES_KEPT
from exchange.projects.permissions import may_report

OWNER_KIND = "project_news"


def attach_pictures(
    act: Act, update: ProjectUpdate, pictures: Sequence[Picture], children: str
) -> None:
    """Add pictures with what the actor says now about children on them. Raises Invalid."""
    statement = statement_on(pictures, children)
    start = _next_position(act.session, update.id)
    for offset, picture in enumerate(pictures):
        file = keep_picture(act, picture, OWNER_KIND, update.id)
        act.session.add(
            ProjectUpdatePhoto(
                update_id=update.id,
                file_id=file.id,
                position=start + offset,
                statement=statement,
                stated_by_id=act.actor.person_id,
                stated_at=act.now,
            )
        )
    act.session.flush()


def adopt_kept(act: Act, update: ProjectUpdate, kept: Sequence[KeptPicture]) -> None:
    """Pictures that waited come to stand with the news, with what was said when they were sent."""
    start = _next_position(act.session, update.id)
    for offset, one in enumerate(kept):
        one.file.owner_id = update.id
        act.session.add(
            ProjectUpdatePhoto(
                update_id=update.id,
                file_id=one.file_id,
                position=start + offset,
                statement=one.statement,
                stated_by_id=one.person_id,
                stated_at=one.kept_at,
            )
        )
        act.session.delete(one)
    act.session.flush()


def keep_aside(
    act: Act, project: Project, pictures: Sequence[Picture], children: str
) -> list[str]:
    """Keep pictures of a form that could not be taken yet; returns their public ids.

    Raises Forbidden, and Invalid for what may not be said about children on them.
    """
    if act.actor.person_id is None or not may_report(act.actor, project):
        raise Forbidden("news_not_yours")
    statement = statement_on(pictures, children)
    found = []
    for picture in pictures[:MOST_PICTURES]:
        file = keep_picture(act, picture, OWNER_KIND)
        act.session.add(
            KeptPicture(
                file_id=file.id,
                project_id=project.id,
                person_id=act.actor.person_id,
                statement=statement,
                kept_at=act.now,
            )
        )
        found.append(file.public_id)
    act.session.flush()
    return found


def remove_pictures(act: Act, update: ProjectUpdate, keys: Iterable[str]) -> int:
    """Take pictures away and delete them; returns how many."""
    wanted = set(keys)
    photos = photos_by_update(act.session, [update.id])[update.id]
    gone = [photo for photo in photos if photo.file.public_id in wanted]
    forget_photos(act, gone)
    return len(gone)


def forget_photos(act: Act, photos: Sequence[ProjectUpdatePhoto]) -> None:
    """Delete pictures: no page shows them, and the files go."""
    files = [photo.file for photo in photos]
    for photo in photos:
        act.session.delete(photo)
    act.session.flush()
    for file in files:
        forget_file(act, file)


def forget_kept(act: Act, kept: Sequence[KeptPicture]) -> None:
    """Delete pictures that wait."""
    files = [one.file for one in kept]
    for one in kept:
        act.session.delete(one)
    act.session.flush()
    for file in files:
        forget_file(act, file)


def forget_old_kept(act: Act, most: int) -> int:
    """Delete pictures whose words never came; returns how many."""
    old = kept_before(act.session, act.now - PICTURES_KEPT, most)
    forget_kept(act, old)
    return len(old)


def waiting_pictures(
    act: Act, project: Project, keys: Iterable[str]
) -> list[KeptPicture]:
    """Those of the named pictures that the actor has sent before."""
    return kept_pictures(act.session, project.id, act.actor.person_id, keys)


def can_see_picture(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whoever reads the news that shows it; while it waits, whoever sent it."""
    query = (
        sa.select(ProjectUpdate)
        .join(ProjectUpdatePhoto, ProjectUpdatePhoto.update_id == ProjectUpdate.id)
        .where(ProjectUpdatePhoto.file_id == file.id)
    )
    if any(may_read(actor, one) for one in session.scalars(query)):
        return True
    kept = session.get(KeptPicture, file.id)
    return kept is not None and kept.person_id == actor.person_id


def _next_position(session: Session, update_id: int) -> int:
    query = sa.select(sa.func.max(ProjectUpdatePhoto.position)).where(
        ProjectUpdatePhoto.update_id == update_id
    )
    last = session.scalar(query)
    return 0 if last is None else last + 1
