"""Words for the codes of projects, bulletins, volunteering and the rest, by the kind of a column.

What pages show is taken from there; only what no page names has its words here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.accounts.kinds import MembershipState
from exchange.alerts.kinds import Rhythm as SearchRhythm
from exchange.alerts.labels import RHYTHMS as SEARCH_RHYTHMS
from exchange.brokering.deeds.kinds import AgainReason
from exchange.brokering.deeds.labels import AGAIN_REASONS
from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.labels import CONSENTS
from exchange.discovery.bulletins import kinds as bulletin
from exchange.discovery.bulletins import labels as bulletin_words
from exchange.files.labels import STATEMENTS
from exchange.files.rules import PictureStatement
from exchange.geography.rules import Level
from exchange.listings.kinds import Form, State, Visibility
from exchange.listings.labels import STATE_LABELS, VISIBILITY_LABELS
from exchange.matching.plans import labels as plan_words
from exchange.matching.plans.kinds import PlanState
from exchange.projects import kinds as project
from exchange.projects import labels as project_words
from exchange.projects.evaluation import kinds as evaluation
from exchange.projects.evaluation import labels as evaluation_words
from exchange.projects.intentions import kinds as intention
from exchange.projects.intentions import labels as intention_words
from exchange.projects.ledger import kinds as ledger
from exchange.projects.ledger import labels as ledger_words
from exchange.projects.visits import kinds as visit
from exchange.projects.visits import labels as visit_words
from exchange.taxonomy.panels import TERMS_LABELS
from exchange.taxonomy.terms import Terms
from exchange.volunteering import kinds as volunteering
from exchange.volunteering import labels as volunteering_words
from exchange.volunteering.attendance import kinds as attendance
from exchange.volunteering.attendance import labels as attendance_words
from exchange.volunteering.availability import kinds as availability
from exchange.volunteering.availability import labels as availability_words
from exchange.volunteering.messaging import kinds as messaging
from exchange.volunteering.messaging import labels as messaging_words
from exchange.volunteering.safeguarding import kinds as safeguarding
from exchange.volunteering.safeguarding import labels as safeguarding_words
from exchange.volunteering.training import kinds as training
from exchange.volunteering.training import labels as training_words

WORDS: dict[type[StrEnum], Mapping[Any, Any]] = {
    MembershipState: {
        MembershipState.ACTIVE: _l("Belongs to it"),
        MembershipState.ENDED: _l("Ended"),
    },
    Level: {
        Level.PROVINCE: _l("Province"),
        Level.CITY: _l("City"),
        Level.COUNTY: _l("County"),
        Level.TOWNSHIP: _l("Township"),
        Level.VILLAGE: _l("Village"),
    },
    Form: {Form.POSTED: _l("Posted"), Form.AVAILABILITY: _l("Time of a volunteer")},
    State: STATE_LABELS,
    Visibility: VISIBILITY_LABELS,
    Terms: TERMS_LABELS,
    AgainReason: AGAIN_REASONS,
    ProxyConsent: CONSENTS,
    SearchRhythm: SEARCH_RHYTHMS,
    PlanState: plan_words.STATES,
    bulletin.State: bulletin_words.STATES,
    bulletin.Rhythm: bulletin_words.RHYTHMS,
    project.Template: project_words.TEMPLATE_LABELS,
    project.Stage: project_words.STAGE_LABELS,
    project.Publication: project_words.PUBLICATION_LABELS,
    project.PartnerRole: project_words.ROLE_LABELS,
    project.PartnerState: project_words.PARTNER_STATE_LABELS,
    PictureStatement: STATEMENTS,
    evaluation.LineKind: evaluation_words.LINES,
    evaluation.Reach: evaluation_words.REACH,
    evaluation.RoundKind: evaluation_words.ROUNDS,
    evaluation.RoundState: evaluation_words.STATES,
    evaluation.Again: evaluation_words.AGAIN,
    ledger.EntryKind: ledger_words.KINDS,
    ledger.Counterparty: ledger_words.COUNTERPARTIES,
    ledger.RequestState: ledger_words.STATES,
    ledger.LedgerRole: ledger_words.ROLES,
    ledger.CopyKind: {
        ledger.CopyKind.ORIGINAL: _l("The document itself"),
        ledger.CopyKind.PUBLIC: _l("The copy with personal data covered"),
    },
    intention.IntentionKind: intention_words.KIND_LABELS,
    intention.IntentionState: intention_words.STATE_LABELS,
    intention.DeclineReason: intention_words.REASON_LABELS,
    intention.Party: {
        intention.Party.DECLARER: _l("Whoever declared it"),
        intention.Party.PROJECT: _l("The project"),
        intention.Party.WORKER: _l("Social worker"),
        intention.Party.SYSTEM: _l("The exchange itself"),
    },
    visit.VisitKind: visit_words.KIND_LABELS,
    visit.VisitState: {
        visit.VisitState.ANNOUNCED: _l("Takes place"),
        visit.VisitState.CANCELLED: _l("Does not take place"),
    },
    visit.SignUpState: {
        visit.SignUpState.SIGNED: _l("Comes"),
        visit.SignUpState.WAITING: _l("Waits"),
        visit.SignUpState.LEFT: _l("Does not come after all"),
    },
    volunteering.ActivityState: volunteering_words.STATE_LABELS,
    volunteering.Circle: volunteering_words.CIRCLE_LABELS,
    volunteering.Work: volunteering_words.WORK_LABELS,
    volunteering.Repeat: volunteering_words.REPEAT_LABELS,
    volunteering.SignupState: volunteering_words.ANSWER_LABELS,
    volunteering.ShiftState: {
        volunteering.ShiftState.OPEN: _l("Takes place"),
        volunteering.ShiftState.CANCELLED: _l("Does not take place"),
    },
    attendance.MarkKind: attendance_words.MARK_LABELS,
    attendance.Step: attendance_words.STEP_LABELS,
    attendance.Basis: attendance_words.BASIS_LABELS,
    attendance.Way: {
        attendance.Way.CODE: _l("by the code"),
        attendance.Way.LIST: _l("ticked on the list"),
    },
    availability.Reach: availability_words.REACH_LABELS,
    availability.Reply: availability_words.REPLY_LABELS,
    messaging.Addressed: messaging_words.ADDRESSED_LABELS,
    messaging.Answer: messaging_words.MESSAGE_ANSWERS,
    safeguarding.ConsentWay: safeguarding_words.WAY_LABELS,
    safeguarding.AskKind: safeguarding_words.ASK_LABELS,
    training.TrainingState: training_words.STATE_LABELS,
    training.MaterialKind: training_words.KIND_LABELS,
    training.CompletionWay: training_words.WAY_LABELS,
}
