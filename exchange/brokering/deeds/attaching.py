"""Pictures and PDFs with a match: of deliveries, for all who see it, or the brokers' own."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.deeds.events import FileAttached, FileTakenAway
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.models import MatchFile
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.matches import insist, locked_match, note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see, parties_of
from exchange.brokering.rules import Party
from exchange.brokering.talk.discretion import brokers_it
from exchange.brokering.words import refuse_payments, refuse_words
from exchange.files.documents import Document
from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import fingerprint, forget_file, keep_file
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.listings.wording import words_problem

OWNER_KIND = "match"
MOST_AT_ONCE, MOST_OF_A_MATCH = 4, 60
Attached = Picture | Document


def refuse_too_many(files: Sequence[Attached]) -> None:
    """Raises Invalid beside the field for more than four at once."""
    if len(files) > MOST_AT_ONCE:
        raise Invalid(fields={"photos": ["too_many_match_pictures"]}, most=MOST_AT_ONCE)


def keep_files(
    act: Act,
    match: Match,
    files: Sequence[Attached],
    *,
    internal: bool,
    caption: str = "",
    delivery_id: int | None = None,
) -> list[MatchFile]:
    """Put pictures and PDFs with a match whose lock the caller holds."""
    assert act.actor.person_id is not None  # noqa: S101 - the tables have seen a person
    count = sa.select(sa.func.count()).where(MatchFile.match_id == match.id)
    if files and (act.session.scalar(count) or 0) + len(files) > MOST_OF_A_MATCH:
        raise Invalid(fields={"photos": ["match_pictures_full"]}, most=MOST_OF_A_MATCH)
    made = []
    for given in files:
        file = keep_file(act, given, OWNER_KIND, match.id)
        row = MatchFile(
            match_id=match.id,
            delivery_id=delivery_id,
            file_id=file.id,
            is_internal=internal,
            caption=caption.strip()[:200],
            file_name=_name_to_keep(given),
            added_by_id=act.actor.person_id,
            added_at=act.now,
        )
        act.session.add(row)
        made.append(row)
    act.session.flush()
    for row in made:
        act.emit(FileAttached(match_id=match.id, file_id=row.file_id, is_internal=internal))
    return made


def _name_to_keep(file: Attached) -> str:
    """A name with a number of a phone or an account in it is left out: few can change it there."""
    name = file.name if isinstance(file, Document) else ""
    return "" if words_problem(name) else name


def not_yet_there(
    act: Act, files: Sequence[Attached], *where: ColumnElement[bool]
) -> list[Attached]:
    """Those of the files that were not kept there before: whoever sends twice has sent once."""
    known = sa.select(StoredFile.sha256).join(MatchFile, MatchFile.file_id == StoredFile.id)
    there = set(act.session.scalars(known.where(*where)))
    return [one for one in files if fingerprint(one) not in there]


def attach(
    act: Act, public_id: str, files: Sequence[Attached], caption: str = "", *, internal: bool
) -> Match:
    """Put up to four pictures or PDFs with a match: internal ones for its brokers alone, others for
    both sides. What the same person has put there with the same words is not put there again.

    Raises Invalid for none or too many, Forbidden or Conflict as the table says.
    """
    match = locked_match(act, public_id)
    deed = Deed.KEEP_FILE if internal else Deed.SHARE_FILE
    insist(may_do(deed, match.state, parties_of(act.actor, match)))
    if internal:
        refuse_payments(caption=caption)
    else:
        refuse_words(match, caption=caption)
    if not files:
        raise Invalid(fields={"photos": ["required"]})
    refuse_too_many(files)
    fresh = not_yet_there(
        act,
        files,
        MatchFile.match_id == match.id,
        MatchFile.delivery_id.is_(None),
        MatchFile.is_internal.is_(internal),
        MatchFile.caption == caption.strip()[:200],
        MatchFile.added_by_id == act.actor.person_id,
    )
    if fresh:
        keep_files(act, match, fresh, internal=internal, caption=caption)
        note_step(act, match, "attached", caption, internal=internal, count=len(fresh))
    return match


def take_away(act: Act, public_id: str, file_public_id: str) -> Match:
    """Take away what one has added, or, as the broker, any of it. Raises Forbidden, NotFound.

    The pictures of a delivery stay: they are part of what was put on record.
    """
    match = locked_match(act, public_id)
    row = act.session.scalar(
        sa.select(MatchFile)
        .join(StoredFile)
        .where(MatchFile.match_id == match.id, StoredFile.public_id == file_public_id)
    )
    if row is None or not _may_read(act.actor, match, row):
        raise NotFound
    parties = parties_of(act.actor, match)
    deed = Deed.KEEP_FILE if row.is_internal else Deed.SHARE_FILE
    insist(may_do(deed, match.state, parties))
    mine = row.added_by_id == act.actor.person_id
    if row.delivery_id is not None or not (mine or Party.BROKER in parties):
        raise Forbidden("file_stays")
    file, internal = row.file, row.is_internal
    note_step(act, match, "took_away", row.caption, internal=internal)
    act.session.delete(row)
    act.session.flush()
    act.emit(FileTakenAway(match_id=match.id, file_id=file.id))
    forget_file(act, file)
    return match


def files_of(session: Session, match_id: int, *, internal: bool) -> Sequence[MatchFile]:
    """What lies with a match apart from its deliveries, the newest first."""
    query = sa.select(MatchFile).where(
        MatchFile.match_id == match_id, MatchFile.delivery_id.is_(None)
    )
    if not internal:
        query = query.where(MatchFile.is_internal.is_(False))
    query = query.options(
        joinedload(MatchFile.file, innerjoin=True), joinedload(MatchFile.added_by, innerjoin=True)
    )
    return session.scalars(query.order_by(MatchFile.id.desc())).all()


def can_see_file(session: Session, actor: Actor, file: StoredFile) -> bool:
    """Whether the actor sees the match, and brokers it where the file is internal."""
    found = session.execute(
        sa.select(MatchFile, Match)
        .join(Match, Match.id == MatchFile.match_id)
        .where(MatchFile.file_id == file.id)
    ).one_or_none()
    return found is not None and _may_read(actor, found[1], found[0])


def name_of_file(session: Session, file: StoredFile) -> str:
    """What a PDF is called when it is saved; empty for pictures."""
    query = sa.select(MatchFile.file_name).where(MatchFile.file_id == file.id)
    return session.scalar(query) or ""


def _may_read(actor: Actor, match: Match, row: MatchFile) -> bool:
    return can_see(actor, match) and (not row.is_internal or brokers_it(actor, match))
