"""Evaluation for programs: rounds, what was reached, what both sides and villagers say.

Villagers answer by their link or on paper alone; no program answers for them.
"""

from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Forbidden
from exchange.listings.sharing.content import address_of
from exchange.listings.views import today
from exchange.projects.evaluation.account_service import write_account
from exchange.projects.evaluation.kinds import Again, Mark, Question, RoundState
from exchange.projects.evaluation.overview import overview as rounds_overview
from exchange.projects.evaluation.permissions import looks_after, may_follow
from exchange.projects.evaluation.queries import (
    accounts_of,
    papers_of,
    released_words,
    rounds_of,
    seen_round,
    tallies_of,
)
from exchange.projects.evaluation.round_service import conclude, schedule_round
from exchange.projects.evaluation.rules import takes_answers
from exchange.projects.evaluation.schemas import (
    EvaluationAccountBody,
    EvaluationOverviewQuery,
    EvaluationOverviewSchema,
    EvaluationPaperBody,
    EvaluationPapersBody,
    EvaluationPapersSchema,
    EvaluationRoundsSchema,
    EvaluationScheduleBody,
    EvaluationStatementBody,
    EvaluationWordsBody,
    EvaluationWordsListSchema,
    account_of,
    round_item,
)
from exchange.projects.evaluation.statement_service import Said, speak
from exchange.projects.evaluation.survey_service import (
    enter_paper,
    opened_words,
    paper_number,
    print_papers,
    release_words,
)
from exchange.projects.evaluation.views import kind_of_round, link_of
from exchange.projects.queries import seen_project
from exchange.web.access import BROKER, PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_evaluation",
    __name__,
    title="Evaluation of projects",
    description="What projects have reached, said by their people, both sides and villagers.",
)
Given = dict[str, Any]
HOME = "/projects/<public_id:public_id>/evaluation"
ROUND = f"{HOME}/<string:kind>"
STATEMENT = {"aims": 4, "teamwork": 5, "talk": 4, "means": 5, "lasting": 3, "again": "changed"}
FIGURE = {"label": "冷藏车", "planned": 2, "reached": 2, "unit": "辆", "reach": "fully"}
ACCOUNT = {"lines": [FIGURE], "people_reached": 320, "lessons": "先修路", "released": True}


@blp.get(HOME)
@access(PUBLIC)
@blp.answers(200, EvaluationRoundsSchema, "The rounds")
def show(public_id: str) -> Given:
    """The rounds of a project, as far as you may know them.

    What villagers said is summed up once a round is closed, from five answers on.
    """
    return _rounds(public_id)


@blp.patch(f"{ROUND}/schedule")
@access(SIGNED_IN)
@blp.body(EvaluationScheduleBody, {"day": "2027-03-01"})
@blp.answers(200, EvaluationRoundsSchema, "Set")
def schedule(given: Given, public_id: str, kind: str) -> Given:
    """Set when a round begins, or the last day of one that asks."""
    with acting() as act:
        schedule_round(
            act, public_id, kind_of_round(kind), given["day"], left_out=given["left_out"],
            version=given["version"],
        )  # fmt: skip
    return _rounds(public_id)


@blp.post(f"{ROUND}/statement")
@access(SIGNED_IN)
@blp.body(EvaluationStatementBody, STATEMENT)
@blp.answers_nothing("Kept; the others read it once all have answered")
def statement(given: Given, public_id: str, kind: str) -> None:
    """Say for your organisation how it was. Sent again it replaces what was said."""
    marks = {mark: given[mark.value] for mark in Mark}
    said = Said(marks, Again(given["again"]), given["note"])
    with acting() as act:
        speak(act, public_id, kind_of_round(kind), said, given["version"])


@blp.post(f"{ROUND}/results")
@access(SIGNED_IN)
@blp.body(EvaluationAccountBody, ACCOUNT)
@blp.answers(200, EvaluationRoundsSchema, "Kept")
def results(given: Given, public_id: str, kind: str) -> Given:
    """Say what was reached against what was planned. It replaces all that was said."""
    with acting() as act:
        account, version = account_of(given), given["version"]
        write_account(act, public_id, kind_of_round(kind), account, version)
    return _rounds(public_id)


@blp.post(f"{HOME}/conclude")
@access(SIGNED_IN)
@blp.answers_nothing("Evaluated")
def finish(public_id: str) -> None:
    """Call the project evaluated, once the round at its end is closed."""
    with acting() as act:
        conclude(act, public_id)


@blp.post(f"{ROUND}/papers")
@access(SIGNED_IN)
@blp.body(EvaluationPapersBody, {"count": 20})
@blp.answers(201, EvaluationPapersSchema, "Given out")
def papers(given: Given, public_id: str, kind: str) -> tuple[Given, int]:
    """Give out numbers for paper sheets."""
    wanted = kind_of_round(kind)
    with acting() as act:
        batch = print_papers(act, public_id, wanted, given["count"])
        _project, one = seen_round(act.session, act.actor, public_id, wanted)
        numbers = [paper_number(row.id) for row in papers_of(act.session, one.id, batch)]
    url = url_for("evaluations.print_sheets", public_id=public_id, kind=kind, batch=batch)
    return {"numbers": numbers, "url": address_of(url)}, 201


@blp.post("/evaluations/papers")
@access(BROKER)
@blp.body(EvaluationPaperBody, {"number": "P0000012-5", "is_old_enough": True, "better": "little"})
@blp.answers_nothing("Entered")
def paper(given: Given) -> None:
    """Enter what stands on a sheet. Each number counts once."""
    chosen = {question: given[question.value] for question in Question if given[question.value]}
    with acting() as act:
        enter_paper(
            act, given["number"], chosen, given["words"], is_old_enough=given["is_old_enough"]
        )


@blp.get(f"{ROUND}/words")
@access(SIGNED_IN)
@blp.answers(200, EvaluationWordsListSchema, "Their words")
def words(public_id: str, kind: str) -> Given:
    """Villagers' own words, for those who look after the project; they may hold names."""
    session, actor = read_session(), current_actor()
    project, one = seen_round(session, actor, public_id, kind_of_round(kind))
    if not looks_after(actor, project):
        raise Forbidden("evaluation_for_worker")
    found = opened_words(session, house(), one)
    return {
        "items": [
            {"id": row.key, "text": row.text, "released": row.released, "is_read": row.is_read}
            for row in found
        ]
    }


@blp.post(f"{ROUND}/words/<public_id:key>")
@access(SIGNED_IN)
@blp.body(EvaluationWordsBody, {"text": "路修好了，车能进村了。"})
@blp.answers_nothing("Kept")
def release(given: Given, public_id: str, kind: str, key: str) -> None:
    """Say what everybody may read of a villager's words; an empty text keeps them."""
    with acting() as act:
        release_words(act, public_id, kind_of_round(kind), key, given["text"])


@blp.get("/evaluations")
@access(BROKER)
@blp.query(EvaluationOverviewQuery)
@blp.answers(200, EvaluationOverviewSchema, "The rounds in your places")
def overview(asked: Given) -> Given:
    """The rounds in the places that you serve, fifty to a page: what is overdue, or all."""
    found = rounds_overview(
        read_session(), current_actor(), asked["show"], locale_code(), today(), asked["page"]
    )
    items = [
        {
            "project": line.project_id, "title": line.title, "kind": line.kind,
            "state": line.state.value, "day": line.day,
            "late": line.late.value if line.late else None,
        }
        for line in found.lines
    ]  # fmt: skip
    return {"items": items, "more": found.more}


def _rounds(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    rounds, follows = rounds_of(session, project.id), may_follow(actor, project)
    accounts = accounts_of(session, [one.id for one in rounds])
    tallies = tallies_of(session, rounds)
    closed = [one.id for one in rounds if one.state is RoundState.CLOSED]
    said = released_words(session, closed)
    items = []
    for one in rounds:
        account = accounts.get(one.id)
        seen = account is not None and (follows or account.released_at is not None)
        asks = follows and bool(takes_answers(one.state, one.closes_on, today()))
        items.append(
            round_item(
                one, account if seen else None, tallies.get(one.id, ()), said.get(one.id, []),
                link_of(one.survey_code) if asks else None,
            )
        )  # fmt: skip
    url = url_for("evaluation.show", public_id=public_id)
    return {"items": items, "url": url}


