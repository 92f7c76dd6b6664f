"""Numbers of paper forms, given out by the stack."""

from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.filing.events import PaperFormsPrinted
from exchange.listings.filing.models import PaperForm
from exchange.listings.filing.rules import may_file

MOST_FORMS = 50


def give_out_forms(act: Act, count: int) -> str:
    """Reserve numbers for so many forms; return the name of the stack. Raises Forbidden, Invalid.

    A number that is never used is lost, and that is all.
    """
    actor = act.actor
    decision = may_file(is_broker=actor.is_broker, organisation_kind=actor.organisation_kind)
    if not decision or actor.organisation_id is None or actor.person_id is None:
        raise Forbidden(decision.code)
    if not 1 <= count <= MOST_FORMS:
        raise Invalid(fields={"count": ["filing_how_many_forms"]}, most=MOST_FORMS)
    batch = new_public_id()
    for _ in range(count):
        act.session.add(
            PaperForm(
                batch=batch,
                organisation_id=actor.organisation_id,
                printed_by_id=actor.person_id,
                printed_at=act.now,
            )
        )
    act.session.flush()
    act.emit(PaperFormsPrinted(organisation_id=actor.organisation_id, count=count))
    return batch
