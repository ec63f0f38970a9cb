"""What every encoder promises, whichever it is; and that every engine computes what the reference does."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from small_index import HashEncoder

from index.encoder import find_model, load_encoder
from index.encoder.fast import FEW_TOKENS, SEVERAL, FastEncoder
from index.encoder.models import WEIGHTS, Model
from index.encoder.numpy_bert import NumpyBert
from index.encoder.onnx_bert import OnnxBert
from index.encoder.recipe import read_recipe
from index.encoder.tokens import Tokenizer, batches
from index.encoder.torch_bert import TorchBert
from index.encoder.trust import LEAST, PROBES
from index.encoder.weights import read_tensors
from index.protocols import Encoder, Vectors

TEXTS = (
    "They agreed on the Vistula protocol.",
    "Short.",
    "The President thanked the Prime Minister for sheltering the crew of a damaged survey vessel.",
    "Élodie Marchand, 東京, Київ",
    "They agreed on the Vistula protocol.",
)
LONG = tuple(f"{' '.join(TEXTS[:4])} {'They spoke of trade. ' * (number % 40)}" for number in range(300))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def model(cache: Path) -> Model:
    return find_model(cache=cache)


@pytest.fixture(scope="module")
def reference(model: Model) -> Encoder:
    return load_encoder(model, only_reference=True)


@pytest.fixture(scope="module")
def loaded(model: Model, cache: Path, reference: Encoder) -> Callable[[str], Encoder]:
    """An encoder by its name; "many" is the fast one once it has met many texts, "several" once it was asked twice."""
    kept: dict[str, Encoder] = {"reference": reference}

    def load(name: str) -> Encoder:
        if name not in kept:
            kept[name] = load_encoder(model, cache=cache)
            if name == "many":
                kept[name].encode(LONG[: FEW_TOKENS // 20])
            if name == "several":
                asked_several(kept[name])
        return kept[name]

    return load


def asked_several(encoder: Encoder) -> FastEncoder:
    """An encoder that was asked several questions, once what is quicker is loaded."""
    assert isinstance(encoder, FastEncoder)
    for text in TEXTS[:SEVERAL]:
        encoder.encode([text])
    assert encoder.loading is not None
    encoder.loading.join()
    return encoder


with_model = [pytest.param(name, marks=pytest.mark.model) for name in ("reference", "few", "several", "many")]


@pytest.fixture(params=["hash", *with_model])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "hash":
        return HashEncoder()
    load: Callable[[str], Encoder] = request.getfixturevalue("loaded")
    return load(request.param)


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
        assert (together * alone).sum(axis=1).min() > LEAST["bfloat16"]
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


def numpy_engine(model: Model) -> NumpyBert:
    return NumpyBert(read_recipe(model.folder), read_tensors(model.folder / WEIGHTS))


def onnx_engine(model: Model) -> OnnxBert:
    return OnnxBert(read_recipe(model.folder), read_tensors(model.folder / WEIGHTS))


def torch_engine(dtype: torch.dtype) -> Callable[[Model], TorchBert]:
    return lambda model: TorchBert(read_recipe(model.folder), read_tensors(model.folder / WEIGHTS), dtype)


@pytest.mark.model
@pytest.mark.parametrize(
    ("make", "dtype"),
    [
        pytest.param(numpy_engine, "float32", id="numpy"),
        pytest.param(onnx_engine, "float32", id="onnxruntime"),
        pytest.param(torch_engine(torch.float32), "float32", id="torch-float32"),
        pytest.param(torch_engine(torch.bfloat16), "bfloat16", id="torch-bfloat16"),
    ],
)
def test_every_engine_computes_the_vectors_of_the_reference(
    make: Callable[[Model], NumpyBert | OnnxBert | TorchBert], dtype: str, model: Model, reference: Encoder
) -> None:
    lengths = (*range(16), 17, 24, 25, 26, 40, 51, 52, 53, 54)
    texts = [*TEXTS, *PROBES, *LONG[:40:3], *("grain " * words for words in lengths)]
    tokens = Tokenizer(model.folder, read_recipe(model.folder).longest).many(texts)
    engine = make(model)
    vectors = np.empty((len(texts), model.dimension), dtype=np.float32)
    for places in batches([len(one) for one in tokens], 2048):
        vectors[places] = engine.encode([tokens[place] for place in places])
    expected: Vectors = reference.encode(texts)
    assert (vectors * expected).sum(axis=1).min() > LEAST[dtype]
    np.testing.assert_allclose(vectors, expected, atol=1e-5 if dtype == "float32" else 5e-3)


@pytest.mark.model
def test_many_texts_are_encoded_by_torch_and_few_without_it(loaded: Callable[[str], Encoder]) -> None:
    few, many = loaded("few"), loaded("many")
    assert isinstance(few, FastEncoder)
    assert isinstance(many, FastEncoder)
    few.encode(TEXTS)
    assert few.many is None
    assert isinstance(many.many, TorchBert)


@pytest.mark.model
@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_onnx_runtime_and_numpy_pool_alike(pooling: str, model: Model) -> None:
    recipe = dataclasses.replace(read_recipe(model.folder), pooling=pooling)
    tensors, tokens = read_tensors(model.folder / WEIGHTS), Tokenizer(model.folder, recipe.longest).many(TEXTS)
    np.testing.assert_allclose(
        OnnxBert(recipe, tensors).encode(tokens), NumpyBert(recipe, tensors).encode(tokens), atol=1e-5
    )


@pytest.mark.model
def test_onnx_runtime_is_loaded_behind_several_questions_and_not_by_one(model: Model, cache: Path) -> None:
    encoder = load_encoder(model, cache=cache)
    assert isinstance(encoder, FastEncoder)
    first = encoder.encode([TEXTS[0]])
    # As it was typed, then as it was understood.
    encoder.encode([TEXTS[1]])
    assert encoder.loading is None
    assert isinstance(encoder.few, NumpyBert)
    assert isinstance(asked_several(encoder).few, OnnxBert)
    np.testing.assert_allclose(encoder.encode([TEXTS[0]]), first, atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("wrong", ["missing", "failing", "different"])
def test_where_onnx_runtime_does_not_serve_numpy_goes_on(
    wrong: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wrong == "missing":
        monkeypatch.setitem(sys.modules, "index.encoder.onnx_bert", None)
    elif wrong == "failing":
        monkeypatch.setattr(OnnxBert, "encode", lambda self, texts: 1 / 0)
    else:
        monkeypatch.setattr(OnnxBert, "encode", lambda self, texts: np.eye(len(texts), 384, dtype=np.float32))
    encoder = asked_several(load_encoder(model, cache=tmp_path))
    assert isinstance(encoder.few, NumpyBert)
    assert encoder.encode([TEXTS[0]]).shape == (1, model.dimension)


def test_batches_hold_every_place_once_longest_first_within_the_budget() -> None:
    lengths = [number * 37 % 250 + 2 for number in range(400)] + [5000]
    found = list(batches(lengths, 2048))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    told = [lengths[place] for batch in found for place in batch]
    assert told == sorted(told, reverse=True)
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= 2048
