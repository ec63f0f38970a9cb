"""What every encoder promises, whichever it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from small_index import HashEncoder

from index.encoder import BATCH_CHARACTERS, BATCH_TEXTS, batches, find_model, load_encoder
from index.protocols import Encoder

TEXTS = (
    "They agreed on the Vistula protocol.",
    "Short.",
    "The President thanked the Prime Minister for sheltering the crew of a damaged survey vessel.",
    "Élodie Marchand, 東京, Київ",
    "They agreed on the Vistula protocol.",
)


@pytest.fixture(scope="module")
def loaded() -> Callable[[], Encoder]:
    kept: list[Encoder] = []

    def load() -> Encoder:
        if not kept:
            kept.append(load_encoder(find_model()))
        return kept[0]

    return load


@pytest.fixture(params=[pytest.param("hash"), pytest.param("model", marks=pytest.mark.model)])
def any_encoder(request: pytest.FixtureRequest, loaded: Callable[[], Encoder]) -> Encoder:
    return HashEncoder() if request.param == "hash" else loaded()


class TestEncoder:
    def test_it_is_an_encoder_and_says_what_it_is(self, any_encoder: Encoder) -> None:
        assert isinstance(any_encoder, Encoder)
        assert any_encoder.name
        assert any_encoder.revision
        assert any_encoder.engine

    def test_a_batch_gives_a_float32_row_of_length_one_for_each_text(self, any_encoder: Encoder) -> None:
        vectors = any_encoder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), any_encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_rows_stand_in_the_order_of_the_texts(self, any_encoder: Encoder) -> None:
        together = any_encoder.encode(TEXTS)
        alone = np.vstack([any_encoder.encode([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=1e-5)
        assert not np.allclose(together[0], together[1], atol=0.1)

    def test_no_texts_give_no_rows_of_the_same_width(self, any_encoder: Encoder) -> None:
        vectors = any_encoder.encode([])
        assert vectors.shape == (0, any_encoder.dimension)
        assert vectors.dtype == np.float32
        assert list(any_encoder.encode_stream([])) == []

    def test_a_stream_yields_every_place_once_with_the_row_of_its_text(self, any_encoder: Encoder) -> None:
        texts = [f"{text} {number}" for number in range(5) for text in TEXTS]
        rows = np.full((len(texts), any_encoder.dimension), np.nan, dtype=np.float32)
        seen: list[int] = []
        for places, vectors in any_encoder.encode_stream(texts):
            assert vectors.dtype == np.float32
            rows[places] = vectors
            seen += places.tolist()
        assert sorted(seen) == list(range(len(texts)))
        np.testing.assert_allclose(rows, any_encoder.encode(texts), atol=1e-5)

    def test_equal_texts_give_equal_rows_and_the_nearer_text_the_higher_product(self, any_encoder: Encoder) -> None:
        vectors = any_encoder.encode([*TEXTS, "Did they agree on the Vistula protocol?"])
        np.testing.assert_allclose(vectors[0], vectors[4], atol=1e-5)
        assert int(np.argmax(vectors[:4] @ vectors[5])) == 0

    @pytest.mark.parametrize("text", ["", " ", "word " * 5000, "\x00", "…", "👩‍🚀" * 50])
    def test_long_and_odd_texts_give_a_row_of_length_one_too(self, any_encoder: Encoder, text: str) -> None:
        vectors = any_encoder.encode([text])
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_batches_hold_every_place_once_longest_first_within_the_budget() -> None:
    texts = ["x" * (number * 37 % 900) for number in range(400)] + ["y" * (2 * BATCH_CHARACTERS)]
    found = list(batches(texts))
    assert sorted(place for batch in found for place in batch) == list(range(len(texts)))
    lengths = [len(texts[place]) for batch in found for place in batch]
    assert lengths == sorted(lengths, reverse=True)
    for batch in found:
        longest = max(len(texts[place]) for place in batch)
        assert len(batch) <= BATCH_TEXTS
        assert len(batch) == 1 or len(batch) * longest <= BATCH_CHARACTERS
