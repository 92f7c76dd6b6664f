"""Who is told of a round, and in which words."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from exchange.accounts.queries import brokers_serving, concerned, managers_of
from exchange.kernel.act import Act
from exchange.notifications.service import notify
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.models import Project


def people_of(session: Session, project: Project, sides: Iterable[int]) -> set[int]:
    """The people of these sides: managers, and of the leading one whoever began the project."""
    found: set[int] = set()
    for side in sides:
        if side == project.organisation_id:
            found |= concerned(session, side, project.author_id)
        else:
            found |= set(managers_of(session, side))
    return found


def keepers_of(session: Session, project: Project) -> set[int]:
    """The project's social worker; without one, those who serve its places."""
    if project.worker_id is not None:
        return {project.worker_id}
    return {one for place in project.places for one in brokers_serving(session, place)}


def tell_people(
    act: Act, found: EvaluationRound, people: Iterable[int], code: str, path: str, key: str = ""
) -> None:
    """Tell them about a round."""
    day: date | None = found.closes_on
    said = {
        "title": found.project.title,
        "day": {
            "zh": f"{day.month} 月 {day.day} 日" if day else "",
            "en": f"{day:%d %b}" if day else "",
        },
    }
    notify(act, people, code, said, path, dedupe_key=key or None)


def tell_of_words(act: Act, found: EvaluationRound) -> None:
    """Tell the worker that words of villagers wait, once a day at most."""
    key = f"evaluation_words {found.id} {act.today}"
    path = f"/projects/{found.project.public_id}/evaluation/{found.kind}/words"
    people = keepers_of(act.session, found.project)
    tell_people(act, found, people, "evaluation_words", path, key)
