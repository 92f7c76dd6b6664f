"""What villagers say: by link without signing in, or on paper that a worker enters later.

Nothing is kept of who, when and from where: the act of an answer emits no event, because an event
would say when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.actor import VISITOR
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.filing.rules import form_number, form_row
from exchange.listings.rules import names_a_person
from exchange.listings.values import clean_text
from exchange.listings.wording import words_problem
from exchange.projects.evaluation.events import (
    SurveyPaperEntered,
    SurveyPapersPrinted,
    VillagerWordsReleased,
)
from exchange.projects.evaluation.kinds import Choice, Question, RoundKind, RoundState
from exchange.projects.evaluation.models import (
    EvaluationRound,
    SurveyAnswer,
    SurveyDevice,
    SurveyPaper,
    VillagerWords,
)
from exchange.projects.evaluation.permissions import looks_after
from exchange.projects.evaluation.queries import (
    paper_for,
    round_by_code,
    seen_round,
    words_of,
)
from exchange.projects.evaluation.round_service import lock_round
from exchange.projects.evaluation.rules import (
    LONGEST_WORDS,
    MOST_PAPERS,
    answer_allowed,
    may_ask_by_link,
    takes_answers,
)
from exchange.projects.permissions import can_see

LETTER = "P"  # so that nobody takes the number for that of another paper form
Given = Mapping[Question, Choice]


def paper_number(paper_id: int) -> str:
    """As it stands on the sheet: P, seven digits, a dash, the check digit."""
    return LETTER + form_number(paper_id)


def paper_row(typed: str) -> int | None:
    """The row that a typed number means; None where it cannot be a number of a sheet."""
    plain = typed.strip().upper().replace("Ｐ", LETTER)
    return form_row(plain[1:]) if plain.startswith(LETTER) else None


def asks_by_link(found: EvaluationRound, today: date) -> bool:
    """Whether the link shows the questions now. The round comes with its project."""
    is_open = bool(takes_answers(found.state, found.closes_on, today))
    return bool(may_ask_by_link(is_public=can_see(VISITOR, found.project), is_open=is_open))


def answer_by_link(
    act: Act, code: str, device: str, given: Given, words: str, *, is_old_enough: bool
) -> bool:
    """Take one answer of a device; False when it has answered already.

    Raises NotFound for a code nobody has, Conflict where the round does not ask, Invalid by field.
    """
    one = round_by_code(act.session, code)
    if one is None:
        raise NotFound("survey_unknown")
    told = _checked(given, words, is_old_enough=is_old_enough)
    found = lock_round(act, one.id)
    if not asks_by_link(found, act.today):
        raise Conflict("survey_not_open")
    if not _note_device(act, found, device):
        return False
    _keep(act, found, given, told)
    return True


def has_answered(session: Session, house: House, found: EvaluationRound, device: str) -> bool:
    """Whether a device has answered in this round."""
    return session.get(SurveyDevice, (found.id, _device_hash(house, found, device))) is not None


def _device_hash(house: House, found: EvaluationRound, device: str) -> str:
    """What is kept of a device: nothing that could be followed from one round to another."""
    return house.secrets.lookup_hash(f"{found.public_id}|{device}", "evaluation_device")


def print_papers(act: Act, public_id: str, kind: RoundKind, count: int) -> str:
    """Give out numbers for paper sheets; returns the name of the stack."""
    project, one = seen_round(act.session, act.actor, public_id, kind)
    if not looks_after(act.actor, project):
        raise Forbidden("evaluation_for_worker")
    if not 1 <= count <= MOST_PAPERS:
        raise Invalid(fields={"count": ["survey_how_many"]}, most=MOST_PAPERS)
    found = lock_round(act, one.id)
    if found.state not in (RoundState.PLANNED, RoundState.OPEN):
        raise Conflict("evaluation_closed")
    batch = new_public_id()
    act.session.add_all(
        SurveyPaper(
            round_id=found.id, batch=batch, printed_by_id=act.actor.person_id, printed_at=act.now
        )
        for _ in range(count)
    )
    act.session.flush()
    act.emit(SurveyPapersPrinted(project.id, project.organisation_id, found.id, count))
    return batch


def enter_paper(
    act: Act, number: str, given: Given, words: str, *, is_old_enough: bool
) -> EvaluationRound:
    """Enter a sheet, once. Raises Invalid by field, or Conflict when the round takes no more."""
    told = _checked(given, words, is_old_enough=is_old_enough)
    try:
        paper, one = paper_for(act.session, act.actor, paper_row(number) or 0)
    except NotFound as error:
        raise Invalid(fields={"number": ["survey_number"]}) from error
    found = lock_round(act, one.id)
    act.session.refresh(paper, with_for_update=True)
    if paper.is_entered:
        raise Invalid(fields={"number": ["survey_paper_used"]})
    decision = takes_answers(found.state, found.closes_on, act.today)
    if not decision:
        raise Conflict(decision.code)
    paper.is_entered = True
    _keep(act, found, given, told)
    act.emit(SurveyPaperEntered(one.project.id, one.project.organisation_id, found.id))
    return found


def release_words(act: Act, public_id: str, kind: RoundKind, key: str, text: str) -> None:
    """Put what a villager said, without names, before everybody; an empty text keeps it, or takes
    it back. The same again does no more. Raises NotFound, Forbidden, Invalid by field.
    """
    project, one = seen_round(act.session, act.actor, public_id, kind)
    if not looks_after(act.actor, project):
        raise Forbidden("evaluation_for_worker")
    query = sa.select(VillagerWords).where(
        VillagerWords.public_id == key, VillagerWords.round_id == one.id
    )
    row = act.session.scalars(query.with_for_update()).first()
    if row is None:
        raise NotFound
    told = clean_text(text)
    problem = _words_problem(told) or ("survey_words_name" if names_a_person(told) else None)
    if problem:
        raise Invalid(fields={"text": [problem]})
    row.is_read = True
    if (row.released_text or "") == told:
        return
    row.released_text = told or None
    row.released_at = act.now if told else None
    row.released_by_id = act.actor.person_id if told else None
    act.emit(VillagerWordsReleased(project.id, project.organisation_id, one.id))


def _checked(given: Given, words: str, *, is_old_enough: bool) -> str:
    told = clean_text(words)
    wrong: dict[str, list[str]] = {}
    if not is_old_enough:
        wrong["adult"] = ["survey_too_young"]
    if len(told) > LONGEST_WORDS:
        wrong["words"] = ["evaluation_too_long"]
    decision = answer_allowed(given, told)
    if not decision:
        wrong["reached"] = [decision.code]
    if wrong:
        raise Invalid(fields=wrong)
    return told


def _words_problem(text: str) -> str | None:
    return "evaluation_too_long" if len(text) > LONGEST_WORDS else words_problem(text)


def _note_device(act: Act, found: EvaluationRound, device: str) -> bool:
    hashed = _device_hash(act.house, found, device)
    try:
        with act.session.begin_nested():
            act.session.add(SurveyDevice(round_id=found.id, key_hash=hashed))
            act.session.flush()
    except IntegrityError:
        return False
    return True


def _keep(act: Act, found: EvaluationRound, given: Given, words: str) -> None:
    if given:
        chosen = {question.value: choice for question, choice in given.items()}
        act.session.add(SurveyAnswer(key=new_public_id(), round_id=found.id, **chosen))
    if words:
        key = new_public_id()
        sealed = act.house.secrets.seal(words, words_place(key))
        act.session.add(VillagerWords(public_id=key, round_id=found.id, text_sealed=sealed))
    act.session.flush()


def words_place(key: str) -> str:
    """Where the ciphertext of free words is bound to."""
    return f"evaluation_words.text.{key}"


@dataclass(frozen=True)
class OpenedWords:
    """Villagers' own words in the clear, for those who look after the project."""

    key: str
    text: str
    released: str
    is_read: bool


def opened_words(session: Session, house: House, found: EvaluationRound) -> list[OpenedWords]:
    """What villagers wrote in a round, the unread first. The caller has looked who asks."""
    lines = [
        OpenedWords(
            row.public_id,
            house.secrets.open(row.text_sealed, words_place(row.public_id))
            if row.text_sealed
            else "",
            row.released_text or "",
            row.is_read,
        )
        for row in words_of(session, found.id)
    ]
    return sorted(lines, key=lambda line: line.is_read)
