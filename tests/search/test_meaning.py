"""Vectors: what encoders promise, and exact search among them."""

import numpy as np
import pytest

from exchange.search.encoder import (
    Encoder,
    HashEncoder,
    UsemEncoder,
    unit_rows,
    without_quantities,
)
from exchange.search.vectors import (
    VectorSet,
    pack_small,
    pack_vector,
    small_cosines,
    small_rows,
    unpack_vector,
)


@pytest.fixture(params=["hash", "usem"], scope="module")
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return HashEncoder() if request.param == "hash" else UsemEncoder()


def test_rows_are_unit_length_and_repeatable(encoder: Encoder) -> None:
    texts = ["刺梨鲜果求收购", "Cold storage", "", "30"]
    rows = encoder.encode(texts)
    assert rows.shape == (4, encoder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows, encoder.encode(texts), atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_amounts_do_not_shift_the_vector(encoder: Encoder) -> None:
    one, other = encoder.encode(["香菇42万斤求销路", "香菇210吨求销路"])
    assert float(one @ other) > 0.99


def test_meaning_crosses_languages() -> None:
    tea, other, plain = UsemEncoder().encode(["茶叶", "legal aid", "tea"])
    assert float(tea @ plain) > float(tea @ other) + 0.2


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("鲜菇30吨,求销路", "鲜菇 ,求销路"),
        ("3 trucks, 300,000 kg", "trucks,"),
        ("第一次来", "第一次来"),
        ("120", "120"),
    ],
)
def test_quantities_are_taken_out(text: str, rest: str) -> None:
    assert without_quantities(text) == rest


def _set() -> VectorSet:
    found = VectorSet(3)
    found.add({"a": [1, 0, 0], "b": [0, 1, 0], "c": [0.8, 0.6, 0], "d": [1, 0, 0]})
    return found


def test_nearest_come_first_and_ties_by_id() -> None:
    found = _set().search(np.array([1, 0, 0], np.float32), None, 3)
    assert [key for key, _ in found] == ["a", "d", "c"]


def test_filter_comes_before_the_choice() -> None:
    vectors = _set()
    asked = np.array([1, 0, 0], np.float32)
    assert [key for key, _ in vectors.search(asked, lambda key: key in "bc", 2)] == ["c", "b"]
    mask = np.array([key == "b" for key in vectors.ids])
    assert [key for key, _ in vectors.search(asked, mask, 2)] == ["b"]
    assert vectors.search(asked, None, 0) == []


def test_removed_and_replaced_vectors() -> None:
    vectors = _set()
    vectors.remove(["a", "never"])
    vectors.add({"b": [1, 0, 0]})
    found = vectors.search(np.array([1, 0, 0], np.float32), None, 9)
    assert [key for key, _ in found] == ["b", "d", "c"]
    assert len(vectors) == 3
    assert "a" not in vectors
    assert vectors.get("a") is None


def test_wrong_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        _set().add({"x": [1, 2]})


def test_packing_keeps_the_vector() -> None:
    (vector,) = HashEncoder(512).encode(["刺梨鲜果求收购"])
    packed = pack_vector(vector)
    assert len(packed) == 1024
    assert float(unpack_vector(packed) @ vector) > 0.999


def test_rows_of_bytes_keep_the_cosine() -> None:
    chance = np.random.default_rng(7)
    vectors = unit_rows(chance.normal(size=(1_500, 512)).astype(np.float32))
    rows = pack_small(np.vstack([vectors, np.zeros((1, 512), np.float32)]))
    assert rows.dtype == small_rows(512)
    found = small_cosines(rows, vectors[3])
    assert np.abs(found[:-1] - vectors @ vectors[3]).max() < 0.003
    assert np.isnan(found[-1])
