"""Trainings for programs: finding, doing, looking after them, and what activities ask for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.files.uploading import taken_material
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.queries import seen_activity
from exchange.volunteering.readers import reader
from exchange.volunteering.schemas import SHIFT_EXAMPLE, ShiftPost, ShiftSchema, shift_items
from exchange.volunteering.schemas import shift_values as shift_values_of
from exchange.volunteering.training.completing_service import (
    answer_questions,
    confirm_at_date,
    revoke_completion,
)
from exchange.volunteering.training.completion_queries import (
    completion_with,
    completions_of_person,
    completions_of_training,
)
from exchange.volunteering.training.materials_service import (
    add_material,
    change_material,
    remove_material,
    set_questions,
)
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.permissions import may_look_after
from exchange.volunteering.training.queries import (
    PAGE,
    WantedTraining,
    date_of_training,
    open_trainings,
    required_by,
    seen_training,
)
from exchange.volunteering.training.requiring_service import require_trainings
from exchange.volunteering.training.schemas import (
    EXAMPLE,
    QUESTION,
    AnsweredSchema,
    AnswersBody,
    CompletedBody,
    CompletionPage,
    CompletionSchema,
    ConfirmedSchema,
    FileBody,
    FileTitle,
    MaterialBody,
    QuestionsBody,
    RequiredBody,
    RequiredSchema,
    RevokeCompletionBody,
    TrainingPageSchema,
    TrainingPatch,
    TrainingPost,
    TrainingQuery,
    TrainingSchema,
    brief_item,
    completion_item,
    questions_of,
    training_item,
    training_values,
)
from exchange.volunteering.training.service import (
    add_date,
    change_training,
    discard_training,
    make_training,
    publish_training,
    withdraw_training,
)
from exchange.volunteering.training.values import MaterialValues, TrainingValues, values_of
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_trainings",
    __name__,
    title="Trainings",
    description="What volunteers learn, who has completed it, and which activities ask for it.",
    takes_files=True,
)
Given = dict[str, Any]
ONE = "/trainings/<public_id:public_id>"
LAST_PAGE = 10_000
FIELDS = {"division_code": "division", "day": "starts_at", "ends": "ends_at"}


@blp.get("/trainings")
@access(PUBLIC)
@blp.query(TrainingQuery)
@blp.answers(200, TrainingPageSchema, "Those on offer")
def index(given: Given) -> Given:
    """Trainings on offer, those with a date ahead first, in pages of at most twenty."""
    who, page = reader(), _page(given["cursor"])
    wanted = WantedTraining(given["division"], given["at_home"])
    rows, more = open_trainings(read_session(), who.actor, wanted, None, who.now, page)
    items = [brief_item(who, one) for one in rows]
    return {"items": items, "next_cursor": str(page + 1) if more and len(rows) == PAGE else None}


def _page(cursor: str | None) -> int:
    if not cursor:
        return 1
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 6 and 0 < int(cursor) <= LAST_PAGE:
        return int(cursor)
    raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})


@blp.post("/trainings")
@access(SIGNED_IN)
@blp.body(TrainingPost, EXAMPLE)
@blp.answers(201, TrainingSchema, "Made")
def create(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Begin a draft for your organisation; for its managers. Sent twice it is made once."""
    owner_id = current_actor().organisation_id
    if owner_id is None:
        raise Forbidden("training_not_yours")
    with acting() as act, _outer_names():
        made = make_training(act, owner_id, training_values(given, TrainingValues())).public_id
    return _read(made), 201, {"Location": url_for("api_trainings.show", public_id=made)}


@blp.get(ONE)
@access(PUBLIC)
@blp.answers(200, TrainingSchema, "The training")
def show(public_id: str) -> Given:
    """One training, as far as you may know it."""
    return _read(public_id)


@blp.patch(ONE)
@access(SIGNED_IN)
@blp.body(TrainingPatch, {"valid_months": 24, "version": 2})
@blp.answers(200, TrainingSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Say something else of it; what was completed keeps its expiry."""
    with acting() as act, _outer_names():
        found = _training(act, public_id)
        change_training(act, found, training_values(given, values_of(found)), given.get("version"))
    return _read(public_id)


@blp.delete(ONE)
@access(SIGNED_IN)
@blp.answers_nothing("Thrown away")
def discard(public_id: str) -> None:
    """Throw a draft away."""
    with acting() as act:
        discard_training(act, _training(act, public_id))


@blp.post(f"{ONE}/publish")
@access(SIGNED_IN)
@blp.answers(200, TrainingSchema, "Published")
def publish(public_id: str) -> Given:
    """Put a draft before people, with its dates."""
    with acting() as act:
        publish_training(act, _training(act, public_id))
    return _read(public_id)


@blp.post(f"{ONE}/withdraw")
@access(SIGNED_IN)
@blp.answers(200, TrainingSchema, "Withdrawn")
def withdraw(public_id: str) -> Given:
    """Take it back; what was completed stays on record, activities ask for it no more."""
    with acting() as act:
        withdraw_training(act, _training(act, public_id))
    return _read(public_id)


@blp.post(f"{ONE}/materials")
@access(SIGNED_IN)
@blp.body(MaterialBody, {"title": "读前须知", "text": "一、先问老师。"})
@blp.answers(201, TrainingSchema, "Added")
def new_material(given: Given, public_id: str) -> tuple[Given, int]:
    """Add a page or an address."""
    with acting() as act:
        add_material(act, _training(act, public_id), _material(given))
    return _read(public_id), 201


@blp.post(f"{ONE}/materials/files")
@access(SIGNED_IN)
@blp.form(FileTitle)
@blp.files(FileBody)
@blp.answers(201, TrainingSchema, "Added")
def new_file(said: Given, given: Given, public_id: str) -> tuple[Given, int]:
    """Add a file; pictures are encoded anew, documents and sounds are looked through."""
    training = seen_training(read_session(), current_actor(), public_id)
    if not may_look_after(current_actor(), training):
        raise Forbidden("training_not_yours")
    taken = taken_material(given["file"].read())
    with acting() as act:
        found, values = _training(act, public_id), MaterialValues(said["title"])
        add_material(act, found, values, taken, said["children"])
    return _read(public_id), 201


@blp.patch(f"{ONE}/materials/<public_id:material>")
@access(SIGNED_IN)
@blp.body(MaterialBody, {"title": "读前须知", "text": "一、先问老师。二、不拍照。"})
@blp.answers(200, TrainingSchema, "Changed")
def edit_material(given: Given, public_id: str, material: str) -> Given:
    """Say something else in a page, lead to another address, rename a file."""
    with acting() as act:
        change_material(act, _training(act, public_id), material, _material(given))
    return _read(public_id)


@blp.delete(f"{ONE}/materials/<public_id:material>")
@access(SIGNED_IN)
@blp.answers_nothing("Removed")
def drop_material(public_id: str, material: str) -> None:
    """Take a material away."""
    with acting() as act:
        remove_material(act, _training(act, public_id), material)


@blp.post(f"{ONE}/questions")
@access(SIGNED_IN)
@blp.body(QuestionsBody, {"questions": [QUESTION], "pass_mark": 1})
@blp.answers(200, TrainingSchema, "Set")
def ask(given: Given, public_id: str) -> Given:
    """Set the questions for those who do it at home; at most five."""
    with acting() as act:
        found = _training(act, public_id)
        set_questions(act, found, questions_of(given), given["pass_mark"], given.get("version"))
    return _read(public_id)


@blp.post(f"{ONE}/answers")
@access(SIGNED_IN)
@blp.body(AnswersBody, {"answers": [1], "version": 3})
@blp.answers(200, AnsweredSchema, "How it went")
def answer(given: Given, public_id: str) -> Given:
    """Answer the questions; enough right ones complete the training. Three tries a day."""
    with acting() as act:
        found = _training(act, public_id)
        one = answer_questions(act, found, given["answers"], given.get("version"))
    return {"right": one.right, "asked": one.asked, "needed": one.needed, "passed": one.passed}


@blp.post(f"{ONE}/dates")
@access(SIGNED_IN)
@blp.body(ShiftPost, SHIFT_EXAMPLE)
@blp.answers(201, ShiftSchema, "Added")
def new_date(given: Given, public_id: str) -> tuple[Given, int]:
    """Add a date. It is a shift: people join it, and it is changed and called off, as such."""
    with acting() as act, _outer_names():
        made = add_date(act, _training(act, public_id), shift_values_of(given)).public_id
    session, who = read_session(), reader()
    shift = date_of_training(session, seen_training(session, who.actor, public_id), made)
    return shift_items(session, who, [shift])[0], 201


@blp.post(f"{ONE}/dates/<public_id:shift>/completions")
@access(SIGNED_IN)
@blp.body(CompletedBody, {"signups": ["7k2mq9xw4tzr"]})
@blp.answers(200, ConfirmedSchema, "On record")
def confirm(given: Given, public_id: str, shift: str) -> Given:
    """Confirm who completed it at a date that has begun. For those who look after the dates."""
    with acting() as act:
        found = _training(act, public_id)
        made = confirm_at_date(
            act, found, date_of_training(act.session, found, shift), given["signups"]
        )
    return {"count": made.count, "own_left": made.own_left}


@blp.get(f"{ONE}/completions")
@access(SIGNED_IN)
@blp.answers(200, CompletionPage, "Who completed it")
def completions(public_id: str) -> Given:
    """Who completed it, the newest first. For managers of its organisation."""
    session, who = read_session(), reader()
    training = seen_training(session, who.actor, public_id)
    if not may_look_after(who.actor, training):
        raise Forbidden("training_not_yours")
    found = completions_of_training(session, training.id)
    items = [completion_item(who, one, with_person=True) for one in found]
    return {"items": items, "next_cursor": None}


@blp.post(f"{ONE}/completions/<public_id:completion>/revocation")
@access(SIGNED_IN)
@blp.body(RevokeCompletionBody, {"reason": "登记错了人"})
@blp.answers(200, CompletionSchema, "Revoked")
def revoke(given: Given, public_id: str, completion: str) -> Given:
    """Say that a completion does not count, and why. For managers of its organisation."""
    with acting() as act:
        found = completion_with(act.session, _training(act, public_id), completion)
        revoke_completion(act, found, given["reason"])
    session, who = read_session(), reader()
    training = seen_training(session, who.actor, public_id)
    return completion_item(who, completion_with(session, training, completion), with_person=True)


@blp.get("/me/trainings")
@access(SIGNED_IN)
@blp.answers(200, CompletionPage, "Yours")
def mine() -> Given:
    """What you have completed, the newest first."""
    who = reader()
    found = completions_of_person(read_session(), who.actor.person_id or 0)
    items = [completion_item(who, one, with_person=False) for one in found]
    return {"items": items, "next_cursor": None}


@blp.get("/activities/<public_id:public_id>/required-trainings")
@access(PUBLIC)
@blp.answers(200, RequiredSchema, "What it asks for")
def required(public_id: str) -> Given:
    """The trainings that an activity asks for before somebody signs up."""
    return _required(public_id)


@blp.post("/activities/<public_id:public_id>/required-trainings")
@access(SIGNED_IN)
@blp.body(RequiredBody, {"trainings": ["7k2mq9xw4tzrab"]})
@blp.answers(200, RequiredSchema, "What it asks for from now on")
def require(given: Given, public_id: str) -> Given:
    """Ask for exactly these trainings. For those who look after the activity."""
    with acting() as act:
        activity = seen_activity(act.session, act.actor, public_id)
        require_trainings(act, activity, given["trainings"])
    return _required(public_id)


def _required(public_id: str) -> Given:
    session, who = read_session(), reader()
    activity = seen_activity(session, who.actor, public_id)
    return {"items": [brief_item(who, one) for one in required_by(session, activity.id)]}


@contextmanager
def _outer_names() -> Iterator[None]:
    """Refusals under the names that programs use."""
    try:
        yield
    except Invalid as error:
        fields = {FIELDS.get(name, name): codes for name, codes in error.fields.items()}
        raise Invalid(error.code, fields=fields, **error.params) from error


def _training(act: Act, public_id: str) -> Training:
    return seen_training(act.session, act.actor, public_id)


def _material(given: Given) -> MaterialValues:
    return MaterialValues(given["title"], given["text"], given["url"])


def _read(public_id: str) -> Given:
    session, who = read_session(), reader()
    return training_item(session, who, seen_training(session, who.actor, public_id))
