"""A project as programs send and read it. Sums are in fen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import fields

from exchange.accounts.models import Person
from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, YesNo, between, length
from exchange.api.paging import PageQuery, PageSchema
from exchange.kernel.actor import Actor
from exchange.listings.cards import listing_url, shown_title
from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.projects.cards import project_url
from exchange.projects.kinds import PartnerRole, PartnerState, Publication, Stage, Template
from exchange.projects.models import LONGEST_TITLE, Project
from exchange.projects.overlap_queries import Overlap
from exchange.projects.permissions import readable_needs
from exchange.projects.rules import LARGEST_FEN, MOST_NEEDS, MOST_PEOPLE, Scale, scale_of
from exchange.projects.showing import looks_inside
from exchange.projects.values import ProjectValues

INSIDE = {
    "category": "category_code",
    "for_whom": "beneficiaries",
    "people": "beneficiary_count",
}
OUTSIDE = {inner: outer for outer, inner in INSIDE.items()} | {
    "planned": "planned_fen", "worker": "person",
}  # fmt: skip
VERSION = {"description": "The version you have read; another one answers 409."}
EXAMPLE = {
    "title": "朵贝贡茶一村一品",
    "template": "one_product",
    "aim": "统一品质，打响自己的牌子，带动 60 户增收。",
    "places": ["520422102243"],
    "category": "market.brand",
    "for_whom": ["general"],
}


def _enum(kind: Any, **options: Any) -> "fields.Enum[Any]":
    return fields.Enum(kind, by_value=fields.String(), **options)


class ProjectContent(ApiSchema):
    """What may be said of a project; what is left out stays, or is empty in a new one."""

    title = Text(validate=length(1, LONGEST_TITLE))
    aim = Text(validate=length(0, 2000))
    plan = Text(validate=length(0, 5000))
    category = Text(allow_none=True, metadata={"example": "market.brand"})
    visibility = _enum(Visibility)
    for_whom = fields.List(Text(validate=length(1, 40)), validate=length(0, 20))
    people = fields.Integer(strict=True, allow_none=True, validate=between(0, MOST_PEOPLE))
    from_date = fields.Date(allow_none=True)
    to_date = fields.Date(allow_none=True)
    places = fields.List(
        Text(validate=length(2, 12)),
        validate=length(0, 100),
        metadata={"description": "Division codes where it happens."},
    )


class ProjectPost(ProjectContent):
    """A new project: a draft that only its own people see until it is submitted."""

    title = Text(required=True, validate=length(1, LONGEST_TITLE))
    template = _enum(Template, load_default=Template.OTHER)
    outline = YesNo(load_default=False, metadata={"description": "Take over the template's steps."})
    needs = fields.List(
        Text(validate=length(1, 20)), load_default=[], validate=length(0, MOST_NEEDS)
    )
    match = Text(
        load_default="",
        validate=length(0, 20),
        metadata={
            "description": "Id of a match it is made from: places, category and groups that you "
            "leave out are those of its need."
        },
    )


class ProjectPatch(ProjectContent):
    """What is to change."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class ProjectQuery(PageQuery):
    """Which projects."""

    category = Text(load_default="", metadata={"description": "A top category."})
    division = Text(load_default="", metadata={"description": "A division: in it, or around it."})
    stage = Text(load_default="")
    scale = Text(load_default="", metadata={"enum": ["", *(one.value for one in Scale)]})
    template = Text(load_default="")
    missing = Text(load_default="", metadata={"description": "The top category of an open need."})


class ProjectVersionBody(ApiSchema):
    """The version that was read."""

    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class ProjectReturnBody(ProjectVersionBody):
    """Why it is given back."""

    note = Text(required=True, validate=length(1, 500))


class ProjectStageBody(ProjectVersionBody):
    """Where it goes."""

    stage = _enum(Stage, required=True)
    reason = Text(load_default="", validate=length(0, 500))


class ProjectPartnerBody(ApiSchema):
    """Whom to ask to take part."""

    organisation = Text(required=True, validate=length(1, 20))
    role = _enum(PartnerRole, load_default=PartnerRole.PARTNER)


class ProjectAnswerBody(ApiSchema):
    """Yes or no."""

    accept = YesNo(required=True)


class ProjectMilestoneBody(ApiSchema):
    """A step of the plan."""

    title = Text(required=True, validate=length(1, LONGEST_TITLE))
    due_on = fields.Date(allow_none=True, load_default=None)


class ProjectMilestonePatch(ProjectVersionBody):
    """What of a step changes; ``done_on`` null takes back that it was reached."""

    title = Text(validate=length(1, LONGEST_TITLE))
    due_on = fields.Date(allow_none=True)
    done_on = fields.Date(allow_none=True)


class ProjectBudgetBody(ApiSchema):
    """A planned sum and what it is for."""

    purpose = Text(required=True, validate=length(1, LONGEST_TITLE))
    planned_fen = fields.Integer(strict=True, required=True, validate=between(0, LARGEST_FEN))


class ProjectBudgetPatch(ProjectVersionBody):
    """What of a line changes."""

    purpose = Text(validate=length(1, LONGEST_TITLE))
    planned_fen = fields.Integer(strict=True, validate=between(0, LARGEST_FEN))


class ProjectNeedsBody(ApiSchema):
    """Needs that come in."""

    needs = fields.List(Text(validate=length(1, 20)), required=True, validate=length(1, MOST_NEEDS))


class ProjectHoldBody(ApiSchema):
    """Hide it, or show it again."""

    held = YesNo(required=True)


class ProjectWorkerBody(ApiSchema):
    """Who looks after it."""

    person = Text(
        required=True,
        allow_none=True,
        validate=length(1, 20),
        metadata={"description": "Id of a social worker; me for yourself; null for nobody."},
    )


class ProjectWorkerRef(ApiSchema):
    """A social worker."""

    id = fields.String()
    name = fields.String()


class ProjectWorkersSchema(ApiSchema):
    """Those who may look after it."""

    items = fields.List(fields.Nested(ProjectWorkerRef))


class ProjectOverlapLine(ApiSchema):
    """One other that shares a place and people with the project."""

    kind = fields.String(metadata={"enum": ["project", "undertaking", "need"]})
    id = fields.String()
    title = fields.String()
    organisation = fields.Nested(OrganisationRef)
    url = fields.String(metadata={"description": "The page of it on this site."})


class ProjectOverlapSchema(ApiSchema):
    """What else is done there for the same people, as far as you may know of it."""

    items = fields.List(fields.Nested(ProjectOverlapLine))


class ProjectMilestoneSchema(ApiSchema):
    """A step of the plan."""

    id = fields.String()
    title = fields.String()
    due_on = fields.Date(allow_none=True)
    done_on = fields.Date(allow_none=True)


class ProjectBudgetLineSchema(ApiSchema):
    """A line of the budget."""

    id = fields.String()
    purpose = fields.String()
    planned_fen = fields.Integer()


class ProjectPartnerSchema(ApiSchema):
    """Another organisation in the project."""

    organisation = fields.Nested(OrganisationRef)
    role = fields.String(metadata={"enum": [one.value for one in PartnerRole]})
    state = fields.String(metadata={"enum": [one.value for one in PartnerState]})


class ProjectNeedSchema(ApiSchema):
    """A need of the project."""

    need = fields.Nested(ListingRef)
    state = fields.String(metadata={"enum": [one.value for one in State]})


class ProjectSchema(ApiSchema):
    """A project as this reader may know it. Needs they may not read in full are left out."""

    id = fields.String()
    title = fields.String()
    aim = fields.String()
    plan = fields.String()
    template = fields.String(metadata={"enum": [one.value for one in Template]})
    stage = fields.String(metadata={"enum": [one.value for one in Stage]})
    publication = fields.String(metadata={"enum": [one.value for one in Publication]})
    visibility = fields.String(metadata={"enum": [one.value for one in Visibility]})
    category = fields.String(allow_none=True)
    for_whom = fields.List(fields.String())
    people = fields.Integer(allow_none=True)
    from_date = fields.Date(allow_none=True)
    to_date = fields.Date(allow_none=True)
    places = fields.List(fields.String())
    organisation = fields.Nested(OrganisationRef)
    partners = fields.List(fields.Nested(ProjectPartnerSchema))
    milestones = fields.List(fields.Nested(ProjectMilestoneSchema))
    budget = fields.List(fields.Nested(ProjectBudgetLineSchema))
    planned_fen = fields.Integer()
    scale = fields.String(metadata={"enum": [one.value for one in Scale]})
    needs = fields.List(fields.Nested(ProjectNeedSchema))
    stop_reason = fields.String()
    review_note = fields.String(allow_none=True, metadata={"description": "Null for outsiders."})
    worker = fields.Nested(
        ProjectWorkerRef,
        allow_none=True,
        metadata={"description": "Who looks after it. Null where nobody does, and for outsiders."},
    )
    held = fields.Boolean(metadata={"description": "Hidden while it is looked into."})
    version = fields.Integer()
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    published_at = fields.DateTime(allow_none=True)
    url = fields.String(metadata={"description": "The page of it on this site."})


class ProjectPage(PageSchema):
    """One page of projects."""

    items = fields.List(fields.Nested(ProjectSchema))


def values_from(given: Mapping[str, Any], kept: ProjectValues) -> ProjectValues:
    """What a body says on top of what is there."""
    names = set(ProjectValues.__dataclass_fields__)
    said = {INSIDE.get(name, name): value for name, value in given.items()}
    changes: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.items()
        if name in names
    }
    return replace(kept, **changes)


def project_item(actor: Actor, project: Project, needs: Sequence[Listing]) -> dict[str, Any]:
    """A project for this reader, who may know of it."""
    inside = looks_inside(actor, project)
    shown = {PartnerState.ACCEPTED, *([PartnerState.INVITED] if inside else [])}
    plain = ("title", "aim", "plan", "from_date", "to_date", "stop_reason", "version")
    moments = ("created_at", "updated_at", "published_at")
    states = ("template", "stage", "publication", "visibility")
    return {
        "id": project.public_id,
        **{name: getattr(project, name) for name in (*plain, *moments)},
        **{name: getattr(project, name).value for name in states},
        "category": project.category_code,
        "for_whom": list(project.beneficiaries),
        "people": project.beneficiary_count,
        "places": list(project.places),
        "organisation": organisation_ref(actor, project.organisation),
        "partners": [
            {
                "organisation": organisation_ref(actor, row.organisation),
                "role": row.role.value,
                "state": row.state.value,
            }
            for row in project.partners
            if row.state in shown
        ],
        **_rows(project),
        "planned_fen": project.planned_fen,
        "scale": scale_of(project.planned_fen).value,
        "needs": [
            {"need": listing_ref(actor, need), "state": need.state.value}
            for need in readable_needs(actor, needs)
        ],
        "review_note": project.review_note if inside else None,
        "worker": worker_ref(project.worker) if inside and project.worker else None,
        "held": project.held_at is not None,
        "url": project_url(project),
    }  # fmt: skip


def worker_ref(person: Person) -> dict[str, Any]:
    """A social worker."""
    return {"id": person.public_id, "name": person.name}


def overlap_items(actor: Actor, overlap: Overlap) -> list[dict[str, Any]]:
    """Projects first, then undertakings, then needs that stand alone."""
    found: list[tuple[str, Any, str, str]] = [
        *(("project", one, one.title, project_url(one)) for one in overlap.projects),
        *(
            ("undertaking", one, one.name, f"/undertakings/{one.public_id}")
            for one in overlap.undertakings
        ),
        *(("need", one, shown_title(actor, one), listing_url(one)) for one in overlap.needs),
    ]
    return [
        {
            "kind": kind,
            "id": one.public_id,
            "title": title,
            "organisation": organisation_ref(actor, one.organisation),
            "url": url,
        }
        for kind, one, title, url in found
    ]


def _rows(project: Project) -> dict[str, Any]:
    steps = [
        {"id": one.public_id, "title": one.title, "due_on": one.due_on, "done_on": one.done_on}
        for one in project.milestones
    ]
    lines = [
        {"id": one.public_id, "purpose": one.purpose, "planned_fen": one.planned_fen}
        for one in project.budget
    ]
    return {"milestones": steps, "budget": lines}
