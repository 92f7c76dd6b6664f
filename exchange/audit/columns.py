"""Which changes the audit keeps, column by column; a test demands a word on every one.

Plain columns (states, amounts, codes, moments, ids) stand in the trail as they are. Personal ones
(names, addresses, texts by or about people) stand in it only as ciphertext under the key of the
person whom they concern. Skipped ones (versions, search text, hashes, ids given at random) say
nothing that anybody would ask for. Statements that bypass the rows of an act leave their event
alone, unless their service tells what they changed: see ``noticing.note_statement``.

The tables of later rooms stand each in a file of their own in ``audit/tables``.
"""

from collections.abc import Mapping

from exchange.audit.audited import Audited
from exchange.audit.tables import (
    attendance,
    availability,
    bulletins,
    evaluation,
    intentions,
    ledger,
    project_news,
    projects,
    safeguarding,
    training,
    volunteering,
)

SUBJECTS = (
    attendance,
    availability,
    bulletins,
    evaluation,
    intentions,
    ledger,
    project_news,
    projects,
    safeguarding,
    training,
    volunteering,
)

AUDITED: Mapping[str, Audited] = {
    # accounts
    "person": Audited(
        plain="phone_confirmed_at phone_vouched_at phone_vouched_by_id email_confirmed_at locale"
        " is_operator closed_at",
        personal="name phone_sealed email_sealed",
        skipped="id public_id phone_hash email_hash password_hash session_epoch is_demonstration"
        " created_at last_sign_in_at acting_organisation_id",
        of="id",
        row_is="person_id",
        opened={"phone_sealed": "person.phone", "email_sealed": "person.email"},
    ),
    "organisation": Audited(
        plain="kind division_code credit_code verification verified_at verified_until"
        " licence_until",
        personal="external_id name_zh name_en profile licence_number",
        skipped="id public_id is_demonstration created_at updated_at renewal_told_days",
        row_is="organisation_id",
    ),
    "membership": Audited(
        plain="person_id organisation_id role state ended_at", skipped="id created_at"
    ),
    "service_point": Audited(
        plain="level name_zh name_en parent_id organisation_id closed_at",
        skipped="id public_id created_at",
        row_is="service_point_id",
    ),
    "service_point_division": Audited(plain="service_point_id prefix"),
    "assignment": Audited(
        plain="person_id service_point_id agency_id duty ended_at", skipped="id created_at"
    ),
    "verification_request": Audited(
        plain="organisation_id asked_by_id decided_by_id decided_at granted renewal licence_until"
        " claimed_by_id claimed_at more_asked_at",
        personal="evidence reason licence_number",
        skipped="id public_id asked_at version",
        of="asked_by_id",
    ),
    "absence": Audited(
        plain="person_id stand_in_id from_on to_on set_by_id begun_at ended_at ended_by_id",
        skipped="id public_id created_at",
    ),
    "account_closing": Audited(
        plain="person_id asked_by_id due_at", personal="reason", skipped="asked_at",
        of="person_id",
    ),
    "wechat_binding": Audited(
        plain="person_id bound_at", skipped="openid_sealed openid_hash"
    ),
    "notice_preference": Audited(plain="person_id kind channel rhythm"),
    "notice_hours": Audited(plain="person_id quiet_from quiet_until"),
    "invitation": Audited(
        plain="organisation_id role invited_by_id",
        personal="masked",
        skipped="id public_id address_hash created_at",
        of="invited_by_id",
    ),
    "api_token": Audited(
        plain="person_id organisation_id may_write expires_at revoked_at",
        personal="name",
        skipped="id public_id token_hash hint created_at last_used_at",
        of="person_id",
    ),
    # listings
    "listing": Audited(
        plain="organisation_id author_id door side form state visibility lang category_code"
        " division_code public_division_code quantity_milli committed_milli unit lot_milli is_whole"
        " terms from_date to_date urgency reviewed_by_id held_at published_at ended_at"
        " parked_until",
        personal="external_id title text public_title beneficiaries licence review_note",
        skipped="id public_id version created_at updated_at expiry_told_at expiry_told_days",
        of="author_id",
        row_is="listing_id",
    ),
    "listing_coverage": Audited(plain="listing_id prefix"),
    "listing_photo": Audited(plain="listing_id file_id position statement"),
    "need_merge": Audited(
        plain="merged_id kept_id state_before merged_by_id merged_at undone_by_id undone_at",
        skipped="id",
    ),
    # Whom it is for has no account and no data key here: nothing of the private part is kept.
    "listing_filing": Audited(
        plain="listing_id form_id door made_by_id consent consent_on read_back to_introduce"
        " recorded_by_id withdrawn_at withdrawn_by_id forgotten_at",
        personal="heard_by",
        skipped="public_id private_sealed made_at recorded_at",
        of="recorded_by_id made_by_id",
    ),
    "undertaking": Audited(
        plain="organisation_id",
        personal="name note",
        skipped="id public_id version created_at updated_at",
        row_is="undertaking_id",
    ),
    "undertaking_part": Audited(plain="listing_id undertaking_id", skipped="added_at"),
    # brokering
    "match": Audited(
        plain="need_id offer_id state broker_id service_point_id dismiss_reason close_reason"
        " proposed_at introduced_at closed_at lapses_at postponed_until postpone_reason",
        personal="message close_note postpone_note",
        skipped="id public_id score version created_at updated_at remind_at",
        of="broker_id",
        row_is="match_id",
    ),
    "match_side": Audited(
        plain="match_id side organisation_id answer answered_by_id answered_at decline_reason"
        " proxy_consent contact_id contact_withdrawn_at",
        personal="note proxy_note",
        skipped="reminded_at",
        of="contact_id answered_by_id",
    ),
    "match_check": Audited(
        plain="match_id kind seen_on recorded_by_id recorded_at",
        personal="note",
        of="recorded_by_id",
    ),
    "commitment": Audited(
        plain="match_id taken_milli covers_milli delivered_milli made_by_id due_on released_at",
        skipped="id public_id made_at sent_key",
    ),
    "outcome": Audited(
        plain="match_id delivered_milli unit people income_fen income_period saved_fen saved_period"
        " recorded_by_id recorded_at need_confirmed_at need_confirmed_by_id offer_confirmed_at"
        " offer_confirmed_by_id",
        personal="text evaluation lessons",
        of="recorded_by_id",
    ),
    "centre_setting": Audited(
        plain="service_point_id lapse_days reminder_days_before escalate_claimed_days"
        " escalate_answer_days escalate_due_days caseload_limit caseload_blocks updated_by_id",
        skipped="version updated_at",
    ),
    "need_assignment": Audited(
        plain="need_id person_id service_point_id assigned_by_id", skipped="assigned_at"
    ),
    "handover": Audited(
        plain="from_person_id made_by_id",
        personal="note",
        skipped="id public_id made_at",
        of="made_by_id",
    ),
    "handover_case": Audited(
        plain="handover_id to_person_id kind subject_id match_id need_id",
        personal="summary",
        skipped="id",
        of="to_person_id",
    ),
    "pair_aside": Audited(plain="person_id need_id offer_id until", skipped="set_at"),
    "escalation": Audited(
        plain="match_id need_id cause person_id since told_at closed_at closed_by_id",
        skipped="id reminded_at",
    ),
    "match_delivery": Audited(
        plain="match_id commitment_id milli arrived_on recorded_by_id recorded_at receiver"
        " received_at received_by_id given_at given_by_id proxy_consent disputed_at disputed_by_id"
        " settled_at settled_by_id struck_at",
        personal="note proxy_note dispute_note",
        skipped="id public_id reminded_at told_at sent_key",
        of="recorded_by_id",
    ),
    "commitment_change": Audited(
        plain="match_id commitment_id state drops_rest taken_milli covers_milli due_on"
        " former_taken_milli former_covers_milli former_due_on proposed_by_id proposed_at"
        " need_answer need_by_id offer_answer offer_by_id proxy_consent closed_at",
        personal="note proxy_note",
        skipped="id public_id",
        of="proposed_by_id",
    ),
    "match_message": Audited(
        plain="match_id thread side author_id at",
        personal="text",
        skipped="id public_id",
        of="author_id",
    ),
    "match_file": Audited(
        plain="match_id delivery_id file_id is_internal added_by_id added_at",
        personal="caption file_name",
        skipped="id",
        of="added_by_id",
    ),
    "match_follow_up": Audited(
        plain="match_id kind due_on state closed_at closed_by_id",
        personal="note",
        skipped="id told_at",
        of="closed_by_id",
    ),
    "match_feedback": Audited(
        plain="match_id side asked_at given_at given_by_id helped again again_reason proxy_consent",
        personal="text proxy_note",
        skipped="reminded_at",
        of="given_by_id",
    ),
    "match_view": Audited(
        plain="person_id is_default shared_with_id",
        personal="name question",
        skipped="id public_id created_at updated_at",
        of="person_id",
    ),
    # matching
    "matching_plan": Audited(
        plain="state choice copied_from_id asked_by_id service_point_id released_at released_by_id"
        " queued_at discarded_at",
        personal="name",
        skipped="id public_id defaults_version run figures simple_figures created_at ready_at",
        of="asked_by_id",
        row_is="plan_id",
    ),
    "plan_defaults": Audited(
        plain="service_point_id choice updated_by_id", skipped="version updated_at"
    ),
    "duplicate_pair": Audited(
        plain="first_id second_id decided_by_id decided_at",
        skipped="score_micro reasons engine computed_at",
    ),
    "matching_learning": Audited(plain="is_on", skipped="id number looked_at"),
    # search and places
    "synonym_group": Audited(
        plain="words one_way is_on replaces", skipped="id public_id version created_at updated_at"
    ),
    "division": Audited(
        plain="code name level parent_code valid_from valid_to successor_code",
        skipped="initials pinyin latitude longitude",
    ),
    # alerts
    "saved_search": Audited(
        plain="person_id rhythm paused_at",
        personal="name question",
        skipped="id public_id question_hash due_at last_told_at feed_hash feed_sealed feed_digest"
        " feed_changed_at created_at updated_at",
        of="person_id",
    ),
    **{name: kept for one in SUBJECTS for name, kept in one.TABLES.items()},
}  # fmt: skip

_COMPUTED = "computed from other tables, and made anew at any time"
_OWN = "the audit itself"
_RECORD = "is itself a record that is only added to"

NOT_AUDITED: Mapping[str, str] = {
    "audit_entry": _OWN,
    "audit_concern": _OWN,
    "audit_waiting": _OWN,
    "audit_batch": _OWN,
    "audit_seal": _OWN,
    "person_data_key": "keys are made with the first value and destroyed by an act with an event",
    "filing_file": "comes and goes with the consent that it proves",
    "filing_reveal": "its event tells who looked, each time",
    "paper_form": "a number given out; its event tells how many",
    "contact_reveal": "its event tells who looked at whose contact, each time",
    "document_vector": _COMPUTED,
    "embedding": _COMPUTED,
    "ended_session": "hashes of sessions that ended; the events tell who signed out",
    "frequent_search": _COMPUTED,
    "listing_matched": _COMPUTED,
    "listing_revision": _RECORD,
    "match_timeline": _RECORD,
    "matching_decision": _COMPUTED,
    "matching_plan_division": "the event carries the divisions",
    "matching_plan_gap": _COMPUTED,
    "matching_plan_item": _COMPUTED,
    "matching_weights": _COMPUTED,
    "notice": "tells somebody of an act that has an entry of its own",
    "notice_delivery": "how a notice travels",
    # Whoever reports stays unknown to the owner, who reads the audit of their own data.
    "moderation_case": "its steps are a record of their own; what it does to a listing is audited",
    "moderation_report": "who reports is known to those alone who look after the case",
    "moderation_step": _RECORD,
    "moderation_hold": "comes and goes with what is audited of the listing",
    "moderation_project_hold": "comes and goes with what is audited of the project",
    "moderation_activity_hold": "comes and goes with what is audited of the activity",
    "moderation_appeal": "its steps are a record of their own",
    "verification_decision": _RECORD,
    "verification_file": "comes and goes with its request",
    "signed_link": "hashes that live for days; using one is an act with an event",
    "short_link": "how a message travels",
    "wechat_invitation": "hashes that live for minutes; binding is an act with an event",
    "wechat_token": "the site's own, fetched anew every two hours",
    "one_time_code": "lives for minutes, and holds nothing but a code and an address",
    "organisation_record": _COMPUTED,
    "outbox_job": "work that waits",
    "saved_search_item": _COMPUTED,
    "search_lexicon": _COMPUTED,
    "search_tally": "counts without people",
    "stored_file": "a picture comes and goes with its listing_photo or match_file",
    "suggestion": _COMPUTED,
    "suggestion_refresh": "how far a computation is",
    "synonym_edition": "a number that tells processes to read anew",
    "throttle_counter": "counts under hashes, for minutes",
    **{name: why for one in SUBJECTS for name, why in one.NOT_AUDITED.items()},
}
