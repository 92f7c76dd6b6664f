"""Words for verification, in the reader's language."""

from flask_babel import lazy_gettext as _l

from exchange.accounts.verification.kinds import Check, DecisionKind, Ruling, Wanted

CHECKS = {
    Check.CODE: _l("The credit code and this name stand together in the public register"),
    Check.PROOF: _l("A paper or somebody we know says who this is"),
    Check.PLACE: _l("It really is at this place"),
    Check.SPEAKER: _l("Whoever asks may speak for it: we called, met, or saw a paper"),
    Check.LICENCE: _l("The licence stands in the register, covers what is offered, and runs on"),
}
RULINGS = {
    Ruling.GRANT: _l("Verify"),
    Ruling.MORE: _l("Ask for more"),
    Ruling.REFUSE: _l("Do not verify"),
}
DECISIONS = {
    DecisionKind.GRANTED: _l("Verified"),
    DecisionKind.REFUSED: _l("Not accepted"),
    DecisionKind.MORE_WANTED: _l("Asked for more"),
    DecisionKind.SUSPENDED: _l("Suspended"),
    DecisionKind.LIFTED: _l("Suspension lifted"),
    DecisionKind.LAPSED: _l("Lapsed: nobody renewed it"),
    DecisionKind.CHANGED: _l("Its data changed: to be verified anew"),
}
WANTED = {
    Wanted.WAITING: _l("Waiting for us"),
    Wanted.MINE: _l("I look at it"),
    Wanted.RENEWALS: _l("Renewals"),
    Wanted.THEIRS: _l("Waiting for them"),
}
SENTENCES = {
    "renewal_too_early": _l("It can be renewed from %(days)d days before its last day."),
    "licence_number_needed": _l("Please give the number of the licence, too."),
    "licence_day_needed": _l("Please give the last day of the licence, too."),
    "licence_over": _l("This licence is over. Please give one that runs on."),
    "credit_code_needed": _l("This kind of organisation has a credit code. Read it off the paper."),
    "checklist_open": _l("Please look at every point before you say yes."),
    "claimed_by_other": _l("A colleague looks at this now. Take it over first."),
    "lifted_by_centre": _l("The centre suspended it; only the centre lifts this."),
}
