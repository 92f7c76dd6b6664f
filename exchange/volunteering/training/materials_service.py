"""Adding, changing and removing what a training is learnt from, and setting its questions."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.files.audio import Sound
from exchange.files.documents import Document
from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_document, keep_picture, keep_sound
from exchange.files.stating import statement_on
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.volunteering.training.events import (
    MaterialAdded,
    MaterialChanged,
    MaterialRemoved,
    TrainingQuestionsSet,
)
from exchange.volunteering.training.kinds import MaterialKind, TrainingState
from exchange.volunteering.training.models import Training, TrainingMaterial
from exchange.volunteering.training.rules import MOST_MATERIALS, Question, questions_allowed
from exchange.volunteering.training.service import looked_after, touch
from exchange.volunteering.training.values import (
    MaterialValues,
    cleaned_question,
    kept_questions,
    kind_of,
    material_problems,
)
from exchange.volunteering.values import text_problem

OWNER_KIND = "training_material"
TakenFile = Picture | Document | Sound


def add_material(
    act: Act, training: Training, values: MaterialValues, file: TakenFile | None = None,
    children: str = "",
) -> TrainingMaterial:  # fmt: skip
    """Put a page, an address or a file to a training, a picture or PDF with what is said about
    children on it. The same page or address is there once.

    Raises NotFound, Forbidden, Invalid with the fields, or Conflict when there are too many.
    """
    found = looked_after(act, training.id)
    cleaned = _checked(values, has_file=file is not None)
    present = _materials(act, found)
    same = next((one for one in present if file is None and _says(one) == cleaned), None)
    if same is not None:
        return same
    if len(present) >= MOST_MATERIALS:
        raise Conflict("training_materials_many", most=MOST_MATERIALS)
    statement = statement_on([file] if file is not None else [], children)
    stored = _kept(act, file, found.id) if file is not None else None
    made = TrainingMaterial(
        training_id=found.id,
        kind=kind_of(cleaned),
        title=cleaned.title,
        text=cleaned.text,
        url=cleaned.url,
        file_id=stored.id if stored else None,
        statement=statement,
        position=max((one.position for one in present), default=0) + 1,
        added_by_id=act.actor.person_id,
        created_at=act.now,
        updated_at=act.now,
    )
    act.session.add(made)
    touch(act, found)
    act.emit(MaterialAdded(found.id, found.organisation_id, made.id))
    return made


def change_material(
    act: Act, training: Training, public_id: str, values: MaterialValues
) -> TrainingMaterial:
    """Say something else in a page, lead to another address, or rename a file.

    Raises NotFound, Forbidden or Invalid.
    """
    found = looked_after(act, training.id)
    material = _material(act, found, public_id)
    cleaned = _checked(values, has_file=material.kind is MaterialKind.FILE)
    if kind_of(cleaned) is not material.kind:
        raise Invalid("training_invalid", fields={"text": ["training_material_one"]})
    if _says(material) != cleaned:
        material.title, material.text, material.url = cleaned.title, cleaned.text, cleaned.url
        material.updated_at = act.now
        touch(act, found)
        act.emit(MaterialChanged(found.id, found.organisation_id, material.id))
    return material


def remove_material(act: Act, training: Training, public_id: str) -> None:
    """Take a material away. Raises NotFound, Forbidden, or Conflict: what people are asked about
    stays, and a training that is out keeps something to learn from.
    """
    found = looked_after(act, training.id)
    material = _material(act, found, public_id)
    is_last = len(_materials(act, found)) == 1
    if is_last and (found.questions or _needs_it(found)):
        raise Conflict("training_last_material")
    act.emit(MaterialRemoved(found.id, found.organisation_id, material.id))
    file_id = material.file_id
    act.session.delete(material)
    act.session.flush()
    if file_id is not None:
        forget_file(act, act.session.get_one(StoredFile, file_id))
    act.session.expire(found, ["materials"])
    touch(act, found)


def set_questions(
    act: Act,
    training: Training,
    questions: Sequence[Question],
    pass_mark: int,
    version: int | None = None,
) -> Training:
    """Ask these from now on; none ends doing it at home. What was passed stays.

    Raises NotFound, Forbidden, Invalid with what is wrong, or Conflict.
    """
    found = looked_after(act, training.id, version)
    cleaned = tuple(cleaned_question(one) for one in questions)
    decision = questions_allowed(cleaned, pass_mark)
    if not decision:
        raise Invalid(decision.code, fields={"questions": [decision.code]}, **decision.params)
    for one in cleaned:
        for text in (one.text, *one.options):
            if problem := text_problem(text):
                raise Invalid(problem, fields={"questions": [problem]})
    if cleaned and not _materials(act, found):
        raise Conflict("training_needs_materials")
    mark = pass_mark if cleaned else 0
    if (kept_questions(found), found.pass_mark) != (cleaned, mark):
        found.questions, found.pass_mark = [one.as_kept() for one in cleaned], mark
        touch(act, found)
        act.emit(TrainingQuestionsSet(found.id, found.organisation_id))
    return found


def _needs_it(training: Training) -> bool:
    return training.state is TrainingState.PUBLISHED and training.activity_id is None


def _materials(act: Act, training: Training) -> Sequence[TrainingMaterial]:
    query = sa.select(TrainingMaterial).where(TrainingMaterial.training_id == training.id)
    return act.session.scalars(query.order_by(TrainingMaterial.id)).all()


def _material(act: Act, training: Training, public_id: str) -> TrainingMaterial:
    found = next((one for one in _materials(act, training) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _says(material: TrainingMaterial) -> MaterialValues:
    return MaterialValues(material.title, material.text, material.url)


def _checked(values: MaterialValues, *, has_file: bool) -> MaterialValues:
    cleaned = values.cleaned()
    problems = material_problems(cleaned, has_file=has_file)
    if problems:
        raise Invalid("training_invalid", fields=problems)
    return cleaned


def _kept(act: Act, file: TakenFile, training_id: int) -> StoredFile:
    if isinstance(file, Picture):
        return keep_picture(act, file, OWNER_KIND, training_id)
    if isinstance(file, Sound):
        return keep_sound(act, file, OWNER_KIND, training_id)
    return keep_document(act, file, OWNER_KIND, training_id)
