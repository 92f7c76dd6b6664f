"""The words of activities and shifts."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.volunteering.kinds import ActivityState, Circle, Repeat, SignupState, Skill, Work

WORK_LABELS: dict[Work, Any] = {
    Work.TEACHING: _l("Teaching and reading"),
    Work.COMPANY: _l("Visits and company"),
    Work.MEDICAL: _l("Health and medical help"),
    Work.ENVIRONMENT: _l("Environment"),
    Work.FARMING: _l("Help with farm work"),
    Work.CULTURE: _l("Culture and sports"),
    Work.TRAINING: _l("Talks and training"),
    Work.EVENT: _l("Helping at an event"),
    Work.REPAIR: _l("Repairs"),
    Work.EMERGENCY: _l("Emergency help"),
    Work.OTHER: _l("Something else"),
}
SKILL_LABELS: dict[Skill, Any] = {
    Skill.TUTORING: _l("Tutoring"),
    Skill.MUSIC_ARTS: _l("Music and arts"),
    Skill.SPORTS: _l("Sports"),
    Skill.CHILD_CARE: _l("Looking after children"),
    Skill.ELDER_CARE: _l("Looking after old people"),
    Skill.PSYCHOLOGY: _l("Counselling"),
    Skill.MEDICINE: _l("Medicine and nursing"),
    Skill.FIRST_AID: _l("First aid"),
    Skill.LAW: _l("Law"),
    Skill.FARM_TECHNOLOGY: _l("Farm technology"),
    Skill.COMPUTER: _l("Computers"),
    Skill.PHOTOGRAPHY: _l("Photos and films"),
    Skill.DESIGN: _l("Design"),
    Skill.DRIVING: _l("Driving"),
    Skill.COOKING: _l("Cooking"),
    Skill.REPAIRING: _l("Repairing"),
    Skill.LOCAL_LANGUAGE: _l("Local language"),
    Skill.SIGN_LANGUAGE: _l("Sign language"),
    Skill.ORGANISING: _l("Organising"),
}
STATE_LABELS: dict[ActivityState, Any] = {
    ActivityState.DRAFT: _l("Draft"),
    ActivityState.PUBLISHED: _l("Open for sign-up"),
    ActivityState.CANCELLED: _l("Called off"),
    ActivityState.ENDED: _l("Over"),
}
STATE_TONES: dict[ActivityState, str] = {
    ActivityState.DRAFT: "",
    ActivityState.PUBLISHED: "activity",
    ActivityState.CANCELLED: "warn",
    ActivityState.ENDED: "",
}
CIRCLE_LABELS: dict[Circle, Any] = {
    Circle.PUBLIC: _l("Everybody"),
    Circle.MEMBERS: _l("Only members of our organisation"),
}
REPEAT_LABELS: dict[Repeat, Any] = {
    Repeat.WEEKLY: _l("Every week"),
    Repeat.FORTNIGHTLY: _l("Every two weeks"),
    Repeat.MONTHLY_DAY: _l("Every month, on the same day"),
    Repeat.MONTHLY_WEEKDAY: _l("Every month, on the same weekday"),
}
ANSWER_LABELS: dict[SignupState, Any] = {
    SignupState.SIGNED_UP: _l("Comes"),
    SignupState.WAITING: _l("Waits"),
    SignupState.DECLINED: _l("Cannot come"),
    SignupState.CANCELLED: _l("Does not come after all"),
}
SENTENCES: dict[str, Any] = {
    "activity_invalid": _l("Please look at these points again"),
    "activity_state": _l("This is not possible any more: the activity is called off, over or out."),
    "activity_not_yours": _l("Only those who look after this activity may do that."),
    "activity_begun_by_managers": _l("Activities are begun by the managers of an organisation."),
    "activity_not_open": _l("You cannot sign up for this activity now."),
    "activity_members_only": _l("This activity is for members of the organisation only."),
    "activity_needs_verified": _l(
        "Your organisation has to be verified before an activity is published. The draft is kept."
    ),
    "activity_needs_shift": _l("Please add a time that is still ahead first."),
    "activity_title_form": _l("Please give it a name of 1 to 60 characters."),
    "activity_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: people sign up here."
    ),
    "activity_payment_in_text": _l("No account numbers or payment codes here, please."),
    "activity_skills_form": _l("Please choose at most 8 from the list."),
    "activity_ages_form": _l("The youngest age lies between %(youngest)s and %(oldest)s."),
    "activity_ages_order": _l("The oldest age is below the youngest, or above 90."),
    "activity_warning_form": _l("Between 1 and 30 days, please."),
    "activity_circle_fixed": _l(
        "It is published for everybody already, and people may have signed up. It stays so."
    ),
    "children_two_adults": _l(
        "With children there are always two adults: at least %(least)s volunteers in each shift."
    ),
    "children_checks_missing": _l(
        "Before an activity with children is published, at least %(least)s adults of your "
        "organisation need a valid check on record; so far it is %(have)s. You find this under "
        "Checks and consents on your organisation's page. The draft stays."
    ),
    "children_need_organisation": _l(
        "An activity with children is run by a verified organisation, not by one person."
    ),
    "cancel_reason_needed": _l("Please say why in a few words: everybody who signed up reads it."),
    "hours_report_not_yours": _l("This is for organisations and social workers."),
    "activity_held": _l("This activity is being looked into. Nobody can sign up meanwhile."),
    "copy_no_shift": _l("It has no shift that could be copied."),
    "shift_ends_before": _l("The end has to be later than the beginning."),
    "shift_too_long": _l("A shift lasts 24 hours at most."),
    "shift_in_the_past": _l("This time has passed already."),
    "shift_too_far": _l("This is more than a year ahead."),
    "shift_maximum_form": _l("Please give a number between 1 and %(most)s."),
    "shift_minimum_form": _l("At least so many cannot be more than at most so many."),
    "shift_below_taken": _l("%(taken)s have a place already. Nobody loses theirs."),
    "shift_cancelled": _l("This shift does not take place."),
    "shift_has_begun": _l("This shift has begun or is over."),
    "shift_has_answers": _l("People have answered already. Please call it off with a reason."),
    "shift_is_the_last": _l("This is the only shift ahead. Please call the activity off instead."),
    "shift_full": _l("This shift is full by now. You can wait for a place."),
    "shift_clash": _l(
        "You are coming to “%(title)s” at that time: %(when)s. Please give that back first, or "
        "choose another shift."
    ),
    "signup_no_place": _l("You have no place in this shift. You can sign up again."),
    "series_needs_until": _l("Please say until which day it repeats."),
    "series_ends_before": _l("The last day lies before the first."),
    "series_too_long": _l("A series goes on for a year at most. You can add to it later."),
    "series_only_once": _l("Until then it takes place only once. Choose a later day."),
    "series_too_many": _l("A series has at most %(most)s shifts."),
    "too_many_shifts": _l("An activity has at most %(most)s shifts ahead."),
    "unknown_role": _l("Please choose a role from the list."),
    "too_many_roles": _l("An activity has at most %(most)s roles."),
    "role_name_form": _l("A role has a name of 1 to 40 characters."),
    "role_name_taken": _l("There is a role of this name already."),
    "role_in_use": _l("There are shifts with this role. Change them first."),
    "coordinator_not_member": _l("Only members of the organisation can look after it."),
    "too_many_coordinators": _l("At most %(most)s people look after one activity."),
    "ages_from": _l("from %(least)s years"),
    "ages_between": _l("%(least)s to %(most)s years"),
    "badge_with_children": _l("With children"),
    "next_with_places": _l("%(when)s · %(free)s places left"),
    "badge_running": _l("Going on now"),
    "managed_next": _l("%(when)s · %(taken)s of %(maximum)s places taken"),
    "managed_last": _l("Last shift: %(day)s"),
    "managed_nothing_open": _l("No shift is open"),
    "next_is_full": _l("%(when)s · full, you can wait for a place"),
}
