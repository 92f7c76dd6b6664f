"""One-time codes: issue one, check one, and let the sending job read one."""

import hmac
import secrets as randomness
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.events import CodeIssued
from exchange.accounts.kinds import CodePurpose
from exchange.accounts.models import OneTimeCode, Person
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import address_hash
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.secret_box import SecretBox

LIFE = timedelta(minutes=10)
MOST_TRIES = 5
KEPT = timedelta(days=1)  # for who asks for another one of an address
CONFIRMS = {
    AddressKind.PHONE: CodePurpose.CONFIRM_PHONE,
    AddressKind.EMAIL: CodePurpose.CONFIRM_EMAIL,
}


@dataclass(frozen=True)
class CodeToSend:
    """A code in the clear, for the job that sends it and nobody else."""

    public_id: str
    address: Address
    code: str
    purpose: CodePurpose
    locale: str


def issue_code(act: Act, person: Person, address: Address, purpose: CodePurpose) -> OneTimeCode:
    """Make a code of six digits for an address; earlier ones of the purpose no longer count."""
    act.session.execute(
        sa.update(OneTimeCode)
        .where(
            OneTimeCode.person_id == person.id,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=act.now, code_sealed=None)
    )
    public_id = new_public_id()
    code = f"{randomness.randbelow(1_000_000):06d}"
    box = act.house.secrets
    issued = OneTimeCode(
        person_id=person.id,
        public_id=public_id,
        purpose=purpose,
        address_hash=address_hash(box, address),
        address_sealed=box.seal(f"{address.kind}:{address.value}", _place("address", public_id)),
        code_hash=_code_hash(box, public_id, code),
        code_sealed=box.seal(code, _place("code", public_id)),
        created_at=act.now,
        expires_at=act.now + LIFE,
        tries=0,
    )
    act.session.add(issued)
    act.session.flush()
    act.emit(CodeIssued(person_id=person.id, one_time_code_id=issued.id))
    return issued


def issue_again(act: Act, person: Person, purpose: CodePurpose, hashed_address: str) -> None:
    """Make another code for the address to which the person's newest one of the purpose went.

    ``hashed_address`` is the address that the caller knows of; nothing goes to any other.
    """
    last = act.session.scalars(
        sa.select(OneTimeCode)
        .where(OneTimeCode.person_id == person.id, OneTimeCode.purpose == purpose)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.address_hash == hashed_address:
        issue_code(act, person, _open_address(act.house.secrets, last), purpose)


def try_code(act: Act, person: Person, purpose: CodePurpose, code: str) -> Decision:
    """Check a code and count the try; a right one is used up.

    The answer is a decision, not an error: the door must let the act commit so that a wrong try
    counts. A yes carries the ``address`` that the code was sent to.
    """
    issued = act.session.scalars(
        sa.select(OneTimeCode)
        .where(
            OneTimeCode.person_id == person.id,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if issued is None or issued.expires_at <= act.now or issued.tries >= MOST_TRIES:
        return refuse("code_over")
    issued.tries += 1
    given = _code_hash(act.house.secrets, issued.public_id, code.strip())
    if not hmac.compare_digest(given, issued.code_hash):
        return refuse("code_wrong")
    issued.used_at = act.now
    issued.code_sealed = None
    return allow(address=_open_address(act.house.secrets, issued))


def code_to_send(act: Act, one_time_code_id: int) -> CodeToSend | None:
    """The code in the clear, while it may still be used. For the sending job only."""
    issued = act.session.get(OneTimeCode, one_time_code_id)
    if issued is None or issued.code_sealed is None or issued.expires_at <= act.now:
        return None
    box = act.house.secrets
    return CodeToSend(
        public_id=issued.public_id,
        address=_open_address(box, issued),
        code=box.open(issued.code_sealed, _place("code", issued.public_id)),
        purpose=issued.purpose,
        locale=act.session.get_one(Person, issued.person_id).locale,
    )


def note_code_sent(act: Act, one_time_code_id: int) -> None:
    """The code is on its way: its ciphertext is no longer needed."""
    issued = act.session.get(OneTimeCode, one_time_code_id)
    if issued is not None:
        issued.code_sealed = None


def forget_codes(act: Act, most: int) -> int:
    """Delete codes that ended a day ago, with the addresses that they went to.

    Returns how many; some are left when it is ``most``.
    """
    old = sa.select(OneTimeCode.id).where(OneTimeCode.expires_at < act.now - KEPT).limit(most)
    ids = act.session.scalars(old).all()
    if ids:
        act.session.execute(sa.delete(OneTimeCode).where(OneTimeCode.id.in_(ids)))
    return len(ids)


def _place(column: str, public_id: str) -> str:
    return f"one_time_code.{column}.{public_id}"


def _code_hash(box: SecretBox, public_id: str, code: str) -> str:
    return box.lookup_hash(code, f"one_time_code.{public_id}")


def _open_address(box: SecretBox, issued: OneTimeCode) -> Address:
    kind, _, value = box.open(issued.address_sealed, _place("address", issued.public_id)).partition(
        ":"
    )
    return Address(AddressKind(kind), value)
