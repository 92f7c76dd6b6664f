"""Rounds follow the life of their project, and those who are asked hear of it."""

from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.projects.evaluation import events
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.queries import accounts_of, round_with_id, sides_of, statements_of
from exchange.projects.evaluation.round_service import open_due, plan_rounds, take_back_final
from exchange.projects.evaluation.telling import keepers_of, people_of, tell_people
from exchange.projects.events import ProjectChanged, ProjectPublished, ProjectStaged
from exchange.projects.kinds import LIVE_STAGES, Publication, Stage
from exchange.projects.queries import project_with_id


def register(bus: EventBus) -> None:
    """Listen to the project, and to its rounds."""
    bus.listen(ProjectPublished, _follow)
    bus.listen(ProjectChanged, _follow)
    bus.listen(ProjectStaged, _follow)
    bus.listen(events.RoundOpened, _ask)
    bus.listen(events.RoundReminded, _remind)
    bus.listen(events.SidesShown, _show)
    bus.listen(events.RoundClosed, _close)


def _follow(act: Act, event: ProjectChanged | ProjectPublished | ProjectStaged) -> None:
    project = project_with_id(act.session, event.project_id)
    if project is None or project.publication is not Publication.PUBLISHED:
        return
    if project.stage is Stage.IDEA:
        return
    if project.stage in LIVE_STAGES:
        take_back_final(act, project)
    if project.stage is Stage.COMPLETED:
        open_due(act, project)
    else:
        plan_rounds(act, project)


def _round(act: Act, event: events.RoundEvent) -> EvaluationRound | None:
    return round_with_id(act.session, event.round_id)


def _page(found: EvaluationRound) -> str:
    return f"/projects/{found.project.public_id}/evaluation"


def _ask(act: Act, event: events.RoundOpened) -> None:
    found = _round(act, event)
    if found is not None:
        people = people_of(act.session, found.project, sides_of(found.project))
        people |= keepers_of(act.session, found.project)
        key = f"evaluation_opened {found.id} {found.opened_on}"
        tell_people(act, found, people, "evaluation_opened", _page(found), key)


def _remind(act: Act, event: events.RoundReminded) -> None:
    found = _round(act, event)
    if found is None:
        return
    answered = {one.organisation_id for one in statements_of(act.session, [found.id])[found.id]}
    silent = [side for side in sides_of(found.project) if side not in answered]
    lead = found.project.organisation_id
    if lead not in silent and found.id not in accounts_of(act.session, [found.id]):
        silent.append(lead)
    people = people_of(act.session, found.project, silent)
    tell_people(act, found, people, "evaluation_reminder", _page(found))


def _show(act: Act, event: events.SidesShown) -> None:
    found = _round(act, event)
    if found is not None and len(sides_of(found.project)) > 1:
        people = people_of(act.session, found.project, sides_of(found.project))
        tell_people(act, found, people, "evaluation_sides", _page(found))


def _close(act: Act, event: events.RoundClosed) -> None:
    found = _round(act, event)
    if found is not None:
        people = people_of(act.session, found.project, sides_of(found.project))
        people |= keepers_of(act.session, found.project)
        tell_people(act, found, people, "evaluation_closed", _page(found))
