"""The words of the listings room in the reader's language: labels, and sentences for codes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.listings.amounts import plain_largest
from exchange.listings.kinds import Door, Side, State, Urgency, Visibility

DOOR_LABELS: dict[Door, Any] = {
    Door.HELP: _l("Ask for help"),
    Door.SELL: _l("Sell produce"),
    Door.OFFER: _l("I can help"),
}
DOOR_TEXTS: dict[Door, Any] = {
    Door.HELP: _l("Say what is missing"),
    Door.SELL: _l("Find buyers for what you grow"),
    Door.OFFER: _l("Give goods, skills or hands"),
}
DOOR_QUESTIONS: dict[Door, Any] = {
    Door.HELP: _l("What does the village need?"),
    Door.SELL: _l("What do you have to sell?"),
    Door.OFFER: _l("What can you offer?"),
}
DOOR_EXAMPLES: dict[Door, Any] = {
    Door.HELP: _l(
        "Write as you would say it. Example: leafhoppers in the tea, who can have a look?"
    ),
    Door.SELL: _l("Write as you would say it. Example: 3 tonnes of tomatoes, ready next week"),
    Door.OFFER: _l(
        "Write as you would say it. Example: 3 cold trucks, empty on the way back on Mondays"
    ),
}
TERMS_QUESTIONS: dict[Door, Any] = {
    Door.HELP: _l("Which terms can you accept?"),
    Door.SELL: _l("How do you sell it?"),
    Door.OFFER: _l("On which terms do you offer it?"),
}
DOOR_ACTS: dict[Door, Any] = {
    Door.HELP: _l("Post the need"),
    Door.SELL: _l("Post it"),
    Door.OFFER: _l("Post the offer"),
}
WHOLE_QUESTIONS: dict[Door, Any] = {
    Door.HELP: _l("One partner should do all of it"),
    Door.SELL: _l("Only all of it to one buyer, not in parts"),
    Door.OFFER: _l("Only all of it together, not in parts"),
}
ANSWERS: dict[Door, Any] = {
    Door.HELP: _l("I can help"),
    Door.SELL: _l("I would buy this"),
    Door.OFFER: _l("I need this"),
}
SIDE_LABELS: dict[Side, Any] = {Side.NEED: _l("Need"), Side.OFFER: _l("Offer")}
STATE_LABELS: dict[State, Any] = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Waiting for the station"),
    State.PUBLISHED: _l("Open"),
    State.PARTLY_MATCHED: _l("Partly settled"),
    State.FULFILLED: _l("Fully settled"),
    State.EXPIRED: _l("Past its last day"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.PARKED: _l("Set aside"),
    State.MERGED: _l("Joined with another"),
}
VISIBILITY_LABELS: dict[Visibility, Any] = {
    Visibility.PUBLIC: _l("Everybody"),
    Visibility.VERIFIED: _l("Verified organisations and social workers"),
    Visibility.BROKERS: _l("Social workers only"),
}
URGENCY_LABELS: dict[Urgency, Any] = {
    Urgency.LOW: _l("There is time"),
    Urgency.NORMAL: _l("Normal"),
    Urgency.HIGH: _l("Urgent"),
    Urgency.CRITICAL: _l("Very urgent"),
}
TAB_LABELS: dict[str, Any] = {
    "open": _l("Open"),
    "waiting": _l("In review"),
    "drafts": _l("Drafts"),
    "parked": _l("Set aside"),
    "ended": _l("Ended"),
}
FIELD_LABELS: dict[str, Any] = {
    "title": _l("Title"),
    "text": _l("Text"),
    "category_code": _l("Category"),
    "division_code": _l("Place"),
    "public_title": _l("Title for others"),
    "public_division_code": _l("Place for others"),
    "quantity_milli": _l("Quantity"),
    "unit": _l("Unit"),
    "lot_milli": _l("Least for one partner"),
    "is_whole": _l("Only all of it together, not in parts"),
    "terms": _l("Terms"),
    "from_date": _l("From"),
    "to_date": _l("Until"),
    "urgency": _l("How urgent"),
    "beneficiaries": _l("For whom"),
    "visibility": _l("Who may see it"),
    "coverage": _l("Where it can reach"),
    "licence": _l("Licence"),
}
SENTENCES: dict[str, Any] = {
    "listing_invalid": _l("Please look at these points again"),
    "listing_state": _l("This is not possible any more: somebody has changed its state."),
    "listing_not_open": _l("This is no longer open."),
    "changed_meanwhile": _l(
        "Somebody changed this while you were writing. Your words are still here: "
        "compare, and save again."
    ),
    "not_enough_left": _l("There is not that much left."),
    "not_committed": _l("Less than that is reserved."),
    "side_is_fixed": _l("A need stays a need, and an offer stays an offer. Please post a new one."),
    "confirm_contact_first": _l(
        "Please confirm your phone number first, or ask your station to vouch for it. "
        "What you wrote is kept as a draft."
    ),
    "note_needed": _l("Please write in a few words what should be changed."),
    "external_id_form": _l("The key needs 1 to 80 characters."),
    "too_long": _l("This is too long."),
    "too_many_places": _l("These are too many places. Choose a larger area."),
    "quantity_unreadable": _l("We cannot read this number. Please write it like 2.5 or 300."),
    "quantity_not_positive": _l("It must be more than 0."),
    "quantity_negative": _l("It cannot be less than 0."),
    "quantity_too_large": _l("At most %(number)s, please.", number=plain_largest()),
    "quantity_below_committed": _l("More than this is already promised."),
    "lot_needs_quantity": _l("Please write under Quantity how much it is in all."),
    "lot_exceeds_quantity": _l("This is more than the whole quantity."),
    "only_whole_units": _l("This is counted in whole numbers, without decimals."),
    "commitment_below_lot": _l("Less than %(amount)s does not go to one partner."),
    "commitment_only_whole": _l("This goes only as a whole: %(amount)s."),
    "lot_at_least": _l("at least %(amount)s for each partner"),
    "lot_whole_help": _l("one partner for all of it"),
    "lot_whole_sell": _l("only all of it to one buyer"),
    "lot_whole_offer": _l("only all of it together"),
    "unit_required": _l("Please choose the unit."),
    "unit_form": _l("A unit is a word, without digits."),
    "unit_promised": _l("Some of it is promised already, in this unit. The unit has to stay."),
    "unknown_category": _l("Please choose a category."),
    "unknown_group": _l("Please choose from the list."),
    "unknown_place": _l("We cannot find this place. Please choose it from the list."),
    "place_unclear": _l("Several places have this name. Please choose one."),
    "place_too_wide": _l("Please choose at least the county."),
    "place_not_coarser": _l("This must be an area around the place."),
    "coverage_only_offers": _l("Only offers say where they can reach."),
    "visibility_sensitive": _l(
        "This concerns children, health or people in difficulty. It is never shown to everybody."
    ),
    "visibility_needs_public_title": _l(
        "Please write a title for others that tells nothing about the people concerned."
    ),
    "visibility_grant": _l(
        "Requests for donations are shown to verified organisations and social workers only."
    ),
    "money_for_person": _l(
        "Money for one person or one household cannot be asked for here. "
        "Please go to your social work station: they take it up as a case."
    ),
    "licence_required": _l("Loans and insurance need the licence: its name and number."),
    "dates_order": _l("The last day is before the first."),
    "dates_too_far": _l("This date is too far away."),
    "date_past": _l("The last day has passed. Please choose a later one."),
    "date_unreadable": _l("We cannot read this date."),
    "contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: %(words)s. "
        "Both sides see them once both have agreed."
    ),
    "payment_in_text": _l("No account numbers or payment codes here: %(words)s."),
    "merge_same": _l("A need cannot be joined with itself."),
    "merge_only_needs": _l("Only needs are joined with one another."),
    "merge_kept_closed": _l("The need that is to stay is no longer open."),
    "merge_promised": _l(
        "Something has been promised or given for this need already. Keep this one, and join the "
        "other with it."
    ),
    "merge_not_your_place": _l(
        "Needs are joined by a social worker who serves both places, and nobody joins somebody "
        "else's need with their own."
    ),
    "merge_undone": _l("This need is not joined with another any more."),
    "yes": _l("Yes"),
    "no": _l("No"),
    "days_left": _l("%(days)s days left"),
    "last_day": _l("Last day today"),
    "last_day_tomorrow": _l("Last day tomorrow"),
    "starts_on": _l("from %(day)s"),
    "until_day": _l("until %(day)s"),
    "still_needed": _l("%(amount)s still needed"),
    "still_left": _l("%(amount)s left"),
    "still_to_sell": _l("%(amount)s not sold yet"),
    "amount_to_sell": _l("%(amount)s to sell"),
    "owner_by_kind": _l("%(kind)s in %(place)s"),
    "amount_needed": _l("%(amount)s needed"),
    "amount_offered": _l("%(amount)s on offer"),
    "badge_urgent": _l("Urgent"),
    "badge_returned": _l("Given back, please change it"),
    "badge_availability": _l("A volunteer's time"),
    "badge_held": _l("Hidden while it is looked into"),
    "badge_verified_only": _l("Verified organisations only"),
    "badge_brokers_only": _l("Social workers only"),
    "whole_country": _l("The whole country"),
    "no_title_yet": _l("No words yet"),
    **{f"state_{state.value}": label for state, label in STATE_LABELS.items()},
}
