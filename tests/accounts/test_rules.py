"""Addresses, passwords, credit codes and trust, from values."""

import pytest

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.rules import (
    Address,
    AddressKind,
    VerificationCase,
    evidence_decision,
    mask_email,
    mask_name,
    mask_phone,
    may_verify,
    password_problem,
    read_address,
    read_credit_code,
    read_phone,
    same_name,
)
from exchange.kernel.actor import Actor


@pytest.mark.parametrize(
    "typed",
    [
        "13900001234",
        " 139 0000 1234 ",
        "139-0000-1234",
        "+86 13900001234",
        "+86-139-0000-1234",
        "008613900001234",
        "8613900001234",
        "１３９００００１２３４",
        "＋８６　１３９００００１２３４",
    ],
)
def test_phone_is_the_same_however_it_is_typed(typed: str) -> None:
    assert read_phone(typed) == "13900001234"


@pytest.mark.parametrize(
    "typed",
    ["", "1390000123", "139000012345", "12900001234", "+1 13900001234", "phone", "²3900001234"],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert read_phone(typed) is None


def test_one_field_takes_both_kinds_of_address() -> None:
    assert read_address("Wang@Example.org ") == Address(AddressKind.EMAIL, "wang@example.org")
    assert read_address("139 0000 1234") == Address(AddressKind.PHONE, "13900001234")
    assert read_address("wang@") is None
    assert read_address("王") is None


def test_masks_leave_enough_to_recognise() -> None:
    assert mask_phone("13812341234") == "138****1234"
    assert mask_email("wang@example.org") == "w***@example.org"
    assert mask_name("欧阳小山") == "欧**"
    assert mask_name("Li Wang") == "Li W."
    assert mask_name("") == "**"


def test_names_are_compared_without_spaces_and_width() -> None:
    assert same_name("Ｌｉ Wang", "li wang")
    assert same_name("罗 小满", "罗小满")
    assert not same_name("", "")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("1234567", "password_short"),
        ("12345678", "password_common"),
        ("WOAINI1314", "password_common"),
        ("........", "password_common"),
        ("x" * 201, "password_long"),
        ("the tea is on the hill", None),
        ("山上的茶园很大很绿", None),
    ],
)
def test_short_and_common_passwords_are_refused(password: str, problem: str | None) -> None:
    assert password_problem(password) == problem


def test_credit_code_is_checked_by_its_check_digit() -> None:
    assert read_credit_code("9111 0000 6000 3734 1l") == "91110000600037341L"
    assert read_credit_code("91110000600037341M") is None
    assert read_credit_code("91110000600037341") is None


def test_a_code_or_a_proof_is_enough_to_ask() -> None:
    firm, group = OrganisationKind.COMPANY, OrganisationKind.VOLUNTEER_GROUP
    assert evidence_decision(firm, "91110000600037341L", "")
    assert evidence_decision(firm, None, "可以打村委会电话核实")
    assert evidence_decision(firm, None, " ").code == "evidence_or_code_needed"
    assert evidence_decision(group, None, "").code == "evidence_needed"


STATION = Actor(person_id=1, serves=("520422",), organisation_ids=frozenset({7}))
CENTRE = Actor(person_id=2, serves=("5204",), supervises=("5204",))
NOBODY = Actor(person_id=3)
INSIDE, NEXT_DOOR, FAR = "520422102243", "520402", "110101"
FIRM, SOCIAL_WORK = OrganisationKind.COMPANY, OrganisationKind.SOCIAL_WORK_STATION


@pytest.mark.parametrize(
    ("actor", "kind", "place", "served", "answer"),
    [
        (STATION, FIRM, INSIDE, True, "allowed"),
        (STATION, FIRM, NEXT_DOOR, True, "not_your_area"),
        (STATION, FIRM, FAR, False, "not_your_area"),
        (STATION, SOCIAL_WORK, INSIDE, True, "only_centres_verify_stations"),
        (CENTRE, FIRM, INSIDE, True, "allowed"),
        (CENTRE, SOCIAL_WORK, INSIDE, True, "allowed"),
        (CENTRE, FIRM, FAR, False, "allowed"),
        (CENTRE, FIRM, FAR, True, "not_your_area"),
        (NOBODY, FIRM, INSIDE, True, "not_your_area"),
        (NOBODY, FIRM, FAR, False, "not_your_area"),
    ],
)
def test_trust_comes_from_the_root(
    actor: Actor, kind: OrganisationKind, place: str, served: bool, answer: str
) -> None:
    assert may_verify(actor, VerificationCase(99, kind, place, served)).code == answer


def test_nobody_verifies_their_own_organisation() -> None:
    assert may_verify(STATION, VerificationCase(7, FIRM, INSIDE, True)).code == "not_your_own"
