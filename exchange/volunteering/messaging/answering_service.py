"""What somebody answers to a message: I come, I cannot, a question."""

from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.values import one_line
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.messaging.events import ShiftMessageAnswered
from exchange.volunteering.messaging.kinds import Answer
from exchange.volunteering.messaging.models import MessageRecipient, ShiftMessage
from exchange.volunteering.messaging.queries import own_message, unanswered
from exchange.volunteering.messaging.rules import LONGEST_QUESTION
from exchange.volunteering.queries import own_answers
from exchange.volunteering.signups.service import say_no, still_come


def answer_message(act: Act, public_id: str, answer: Answer, note: str = "") -> ShiftMessage:
    """Answer a message that one has got. Coming and not coming count for the shift, too.

    Raises NotFound for whoever has not got it, Invalid, or Conflict when the place is gone, or the
    shift has begun or was called off.
    """
    message, recipient = own_message(act.session, act.actor.person_id, public_id)
    kept = one_line(note)
    if len(kept) > LONGEST_QUESTION:
        raise Invalid(fields={"note": ["too_long"]})
    if answer is Answer.COMING and not _waits(act, message):
        still_come(act, message.shift)
    elif answer is Answer.NOT_COMING:
        say_no(act, message.shift)
    if (recipient.answer, recipient.note) == (answer, kept):
        return message
    write_answer(act, recipient, answer, kept)
    activity = message.shift.activity
    act.emit(
        ShiftMessageAnswered(
            activity.id, activity.organisation_id, message.shift_id, recipient.person_id,
            message.id, answer.value,
        )
    )  # fmt: skip
    return message


def write_answer(act: Act, recipient: MessageRecipient, answer: Answer, note: str = "") -> None:
    """Put an answer beside a message."""
    recipient.answer, recipient.note, recipient.answered_at = answer, note, act.now
    act.session.flush()


def answered_elsewhere(act: Act, shift_id: int, person_id: int, answer: Answer) -> None:
    """Whoever has said it on the page of the shift has answered the messages about it, too."""
    for recipient in unanswered(act.session, shift_id, person_id):
        write_answer(act, recipient, answer)


def _waits(act: Act, message: ShiftMessage) -> bool:
    own = own_answers(act.session, act.actor.person_id, [message.shift_id]).get(message.shift_id)
    return own is not None and own.state is SignupState.WAITING
