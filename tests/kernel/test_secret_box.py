"""Personal values are bound to where they stand."""

import pytest

from exchange.kernel.secret_box import SecretBox, UnreadableSecret
from exchange.kernel.settings import decode_key, new_key


def key() -> bytes:
    return decode_key(new_key(), "test")


def test_what_was_sealed_opens_at_its_place() -> None:
    box = SecretBox({"k1": key()}, key())
    assert box.open(box.seal("13800000000", "person.phone.7"), "person.phone.7") == "13800000000"


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    box = SecretBox({"k1": key()}, key())
    with pytest.raises(UnreadableSecret):
        box.open(box.seal("13800000000", "person.phone.7"), "person.phone.8")


def test_after_a_change_of_keys_old_values_open_and_new_ones_use_the_new_key() -> None:
    old, lookup = key(), key()
    sealed = SecretBox({"k1": old}, lookup).seal("value", "t.c.1")
    changed = SecretBox({"k2": key(), "k1": old}, lookup)
    assert changed.open(sealed, "t.c.1") == "value"
    assert changed.seal("value", "t.c.1").startswith("k2.")


@pytest.mark.parametrize("broken", ["k9.AAAA", "k1.AAAA", "k1.not base64", ""])
def test_a_broken_or_foreign_ciphertext_is_refused_by_name(broken: str) -> None:
    with pytest.raises(UnreadableSecret):
        SecretBox({"k1": key()}, key()).open(broken, "t.c.1")


def test_the_same_value_seals_differently_each_time_and_hashes_alike() -> None:
    box = SecretBox({"k1": key()}, key())
    assert box.seal("value", "t.c.1") != box.seal("value", "t.c.1")
    assert box.lookup_hash("value", "phone") == box.lookup_hash("value", "phone")
    assert box.lookup_hash("value", "phone") != box.lookup_hash("value", "email")


def test_keys_do_not_show_when_the_box_is_printed() -> None:
    secret = key()
    assert repr(secret)[2:-1] not in repr(SecretBox({"k1": secret}, secret))
