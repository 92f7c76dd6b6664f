"""Who is told of what happens to an intention, and what intentions do on news of others."""

from collections.abc import Callable

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation
from exchange.accounts.queries import brokers_serving, concerned, organisation_label
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.projects.events import ProjectStaged, ProjectWithdrawn
from exchange.projects.intentions import events
from exchange.projects.intentions.clock import close_for_project, leave
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.queries import intention_with_id, unanswered_of
from exchange.projects.kinds import ENDED_STAGES
from exchange.projects.models import Project
from exchange.web.dates import day_text

LANGUAGES = ("zh", "en")
Codes = tuple[tuple[type[events.IntentionEvent], str], ...]
TO_PROJECT: Codes = (
    (events.IntentionDeclared, "intention_declared"),
    (events.IntentionChanged, "intention_changed"),
    (events.IntentionWithdrawn, "intention_withdrawn"),
)
TO_BOTH: Codes = (
    (events.IntentionTalked, "intention_talked"),
    (events.IntentionAsked, "intention_asked"),
    (events.IntentionAccepted, "intention_accepted"),
    (events.IntentionDeclined, "intention_declined"),
    (events.IntentionLapsed, "intention_lapsed"),
    (events.IntentionLapsesSoon, "intention_lapses_soon"),
    (events.IntentionFollowUpDue, "intention_follow_up"),
    (events.IntentionSettled, "intention_settled"),
)


def register(bus: EventBus) -> None:
    """Listen."""
    for kind, code in TO_PROJECT:
        bus.listen(kind, _tell(code, declarer=False))
    for kind, code in TO_BOTH:
        bus.listen(kind, _tell(code, declarer=True))
    bus.listen(ProjectStaged, _staged)
    bus.listen(ProjectWithdrawn, _withdrawn)
    bus.listen(AccountClosed, _account_closed)


def project_people(act: Act, project: Project) -> set[int]:
    """Whom news of an intention reaches on the project's side: its lead and its social worker.

    Without one, the brokers of its places.
    """
    people = concerned(act.session, project.organisation_id, project.author_id)
    if project.worker_id is not None:
        return people | {project.worker_id}
    for place in project.places:
        people |= set(brokers_serving(act.session, place))
    return people


def declaring_people(act: Act, intention: Intention) -> set[int]:
    """Whom it reaches on the other side."""
    return concerned(act.session, intention.organisation_id, intention.author_id)


def _tell(code: str, *, declarer: bool) -> Callable[[Act, events.IntentionEvent], None]:
    """The project's side hears of everything, the other one too where ``declarer`` says so, but
    not of what one of their own has done.
    """

    def tell(act: Act, event: events.IntentionEvent) -> None:
        intention = intention_with_id(act.session, event.intention_id)
        if intention is None:
            return
        people = project_people(act, intention.project)
        if declarer and not act.actor.belongs_to(intention.organisation_id):
            people |= declaring_people(act, intention)
        values = {
            "title": intention.project.title,
            "name": {one: organisation_label(intention.organisation, one) for one in LANGUAGES},
            "day": {one: day_text(intention.until, act.today, one) for one in LANGUAGES},
        }
        notify(act, people, code, values, f"/intentions/{intention.public_id}")

    return tell


def _staged(act: Act, event: ProjectStaged) -> None:
    project = act.session.get_one(Project, event.project_id)
    if project.stage in ENDED_STAGES:
        _close(act, project.id)


def _withdrawn(act: Act, event: ProjectWithdrawn) -> None:
    _close(act, event.project_id)


def _close(act: Act, project_id: int) -> None:
    ids = unanswered_of(act.session, [project_id])
    if ids:
        close_for_project(act, ids)


def _account_closed(act: Act, event: AccountClosed) -> None:
    for organisation_id in event.emptied:
        owner = act.session.get_one(Organisation, organisation_id)
        private = owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
        leave(act, organisation_id, erase=private)
