"""Ages, consents and checks for programs."""

from typing import Any

from exchange.accounts.queries import organisation_by_public_id
from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.models import Activity
from exchange.volunteering.queries import seen_activity, seen_shift
from exchange.volunteering.safeguarding.age_service import (
    ask_age_again,
    declare_adult,
    state_birth,
)
from exchange.volunteering.safeguarding.ask_service import ask_for_record, take_back_ask
from exchange.volunteering.safeguarding.check_service import (
    object_to_check,
    record_check,
    remove_check,
)
from exchange.volunteering.safeguarding.consent_service import (
    ConsentValues,
    record_consent,
    show_guardian,
    withdraw_consent,
)
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentWay
from exchange.volunteering.safeguarding.limits import LINKS
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.queries import (
    age_row,
    asks_of_organisation,
    asks_of_person,
    checks_of_organisation,
    checks_of_person,
    consents_of_organisation,
    consents_of_person,
    kept_organisation,
    seen_check,
    seen_consent,
    volunteer_of,
)
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.schemas import (
    AgeBody,
    ChildrenCheckBody,
    ChildrenCheckSchema,
    GuardianConsentBody,
    GuardianConsentSchema,
    GuardianSchema,
    OwnSafeguardingSchema,
    RecordAskBody,
    SafeguardingQuery,
    SafeguardingSchema,
    ask_item,
    check_item,
    consent_item,
)
from exchange.volunteering.safeguarding.sealing import Guardian, age_of
from exchange.volunteering.safeguarding.showing import today
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.throttle import count_try

blp = ApiBlueprint(
    "api_safeguarding",
    __name__,
    title="Consents and checks",
    description="Volunteers under 18 with a guardian's consent; checks of who works with children.",
)
Given = dict[str, Any]
CONSENT = {
    "person": "7k2mq9xw4tzrab", "way": "spoken", "guardian_name": "罗大山",
    "guardian_reach": "13900000001", "consent_on": "2026-11-20",
}  # fmt: skip


@blp.get("/me/safeguarding")
@access(SIGNED_IN)
@blp.answers(200, OwnSafeguardingSchema, "What is on record about you")
def own() -> Given:
    """Whether your age is known, what you have asked for, your consents and checks."""
    session, person_id = read_session(), current_actor().person_id
    if person_id is None:
        raise Forbidden
    age = age_of(house().secrets, age_row(session, person_id))
    return {
        "age_known": age.is_known,
        "is_minor": age.is_minor(today()),
        "asks": [ask_item(one) for one in asks_of_person(session, person_id)],
        "consents": [consent_item(one, today()) for one in consents_of_person(session, person_id)],
        "checks": [check_item(one) for one in checks_of_person(session, person_id)],
    }


@blp.post("/me/age")
@access(SIGNED_IN)
@blp.body(AgeBody, {"birth_year": 2010, "birth_month": 5})
@blp.answers_nothing("Noted")
def state_age(given: Given) -> None:
    """Say once that you are 18 or older, or else when you were born."""
    year, month = given["birth_year"], given["birth_month"]
    with acting() as act:
        if given["adult"]:
            declare_adult(act)
        elif year is None or month is None:
            raise Invalid(fields={"birth_year": ["birth_form"]})
        else:
            state_birth(act, Birth(year, month))


@blp.post("/shifts/<public_id:public_id>/record-ask")
@access(SIGNED_IN)
@blp.body(RecordAskBody, {"guardian_name": "罗大山", "guardian_reach": "13900000001"})
@blp.answers_nothing("Asked")
def ask(given: Given, public_id: str) -> None:
    """Ask whoever runs a shift for what is missing: your guardian's consent, or your check."""
    with acting() as act:
        shift = seen_shift(act.session, act.actor, public_id)
        ask_for_record(act, shift, Guardian(given["guardian_name"], given["guardian_reach"]))


@blp.delete("/me/safeguarding/asks/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken back")
def take_back(public_id: str) -> None:
    """Ask no more."""
    with acting() as act:
        take_back_ask(act, public_id)


@blp.get("/organisations/<public_id:public_id>/safeguarding")
@access(SIGNED_IN)
@blp.query(SafeguardingQuery)
@blp.answers(200, SafeguardingSchema, "Consents and checks, the first to end first")
def records(given: Given, public_id: str) -> Given:
    """For those who look after its volunteers. Checks only for managers and social workers."""
    session, actor, page = read_session(), current_actor(), given["page"]
    owner = kept_organisation(session, actor, public_id)
    keeps = may_keep_checks(actor, owner)
    kinds = tuple(AskKind) if keeps else (AskKind.CONSENT,)
    consents, more = consents_of_organisation(session, owner.id, today(), page)
    checks, more_checks = checks_of_organisation(session, owner.id, page) if keeps else ((), False)
    asks = asks_of_organisation(session, owner.id, kinds) if page == 1 else ()
    return {
        "asks": [ask_item(one) for one in asks],
        "consents": [consent_item(one, today()) for one in consents],
        "checks": [check_item(one) for one in checks],
        "has_more": more or more_checks,
    }


@blp.post("/organisations/<public_id:public_id>/guardian-consents")
@access(SIGNED_IN)
@blp.body(GuardianConsentBody, CONSENT)
@blp.answers(201, GuardianConsentSchema, "On record, or the link is on its way")
def consent(given: Given, public_id: str) -> tuple[Given, int]:
    """Put a guardian's consent on record, or send the guardian a link. Never for yourself."""
    values = ConsentValues(
        ConsentWay(given["way"]),
        Guardian(given["guardian_name"], given["guardian_reach"]),
        given["consent_on"],
        given["valid_until"],
    )
    if values.way is ConsentWay.LINK:
        count_try(LINKS, f"person {current_actor().person_id}")
    with acting() as act:
        owner = kept_organisation(act.session, act.actor, public_id)
        person = volunteer_of(act.session, owner.id, given["person"])
        made = record_consent(act, owner, person, values, _activity(act, given["activity"]))
        made_id = made.public_id
    found = seen_consent(read_session(), current_actor(), made_id)
    return consent_item(found, today()), 201


def _activity(act: Act, public_id: str) -> Activity | None:
    return seen_activity(act.session, act.actor, public_id) if public_id else None


@blp.post("/guardian-consents/<public_id:public_id>/guardian")
@access(SIGNED_IN)
@blp.answers(200, GuardianSchema, "Who gave it")
def guardian(public_id: str) -> Given:
    """Look at who gave a consent. Every look is on record."""
    with acting() as act:
        shown = show_guardian(act, public_id)
    return {"guardian_name": shown.name, "guardian_reach": shown.reach}


@blp.post("/guardian-consents/<public_id:public_id>/withdrawal")
@access(SIGNED_IN)
@blp.answers(200, GuardianConsentSchema, "Withdrawn")
def withdraw(public_id: str) -> Given:
    """It holds no more; places ahead that needed it go back."""
    with acting() as act:
        withdraw_consent(act, public_id)
    return consent_item(seen_consent(read_session(), current_actor(), public_id), today())


@blp.post("/organisations/<public_id:public_id>/children-checks")
@access(SIGNED_IN)
@blp.body(ChildrenCheckBody, {"person": "7k2mq9xw4tzrab", "checked_on": "2026-11-20"})
@blp.answers(201, ChildrenCheckSchema, "On record for a year")
def check(given: Given, public_id: str) -> tuple[Given, int]:
    """Put on record that somebody was checked, when and by whom. Never for yourself."""
    with acting() as act:
        owner = kept_organisation(act.session, act.actor, public_id, checks=True)
        person = volunteer_of(act.session, owner.id, given["person"])
        maker = organisation_by_public_id(act.session, given["checked_by"] or owner.public_id)
        if maker is None:
            raise Invalid(fields={"checked_by": ["field_choice"]})
        made = record_check(act, owner, person, given["checked_on"], maker.id).public_id
    return check_item(seen_check(read_session(), current_actor(), made)), 201


@blp.post("/children-checks/<public_id:public_id>/objection")
@access(SIGNED_IN)
@blp.answers(200, ChildrenCheckSchema, "The organisation is told")
def objection(public_id: str) -> Given:
    """Say that what is on record about you is wrong; it does not count until it is put right."""
    with acting() as act:
        object_to_check(act, public_id)
    return check_item(seen_check(read_session(), current_actor(), public_id))


@blp.delete("/children-checks/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("It counts no more")
def remove(public_id: str) -> None:
    """For whom it is about, and those who keep it. Places ahead with children go back."""
    with acting() as act:
        remove_check(act, public_id)


@blp.post("/organisations/<public_id:public_id>/volunteers/<public_id:person>/age-again")
@access(SIGNED_IN)
@blp.answers_nothing("They are asked again")
def age_again(public_id: str, person: str) -> None:
    """What a volunteer said of their age was wrong. For those who keep the checks."""
    with acting() as act:
        owner = kept_organisation(act.session, act.actor, public_id, checks=True)
        ask_age_again(act, owner, volunteer_of(act.session, owner.id, person))
