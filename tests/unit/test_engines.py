"""Which engine serves a model: what is covered, when it is trusted, and who steps in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_index import HashEncoder

import index.encoder
from index.encoder import DEFAULT_MODEL, FAST, describe_engine, find_model, load_encoder, models, probe_engine, trust
from index.encoder.cache import Cache
from index.encoder.fast import FastEncoder
from index.encoder.models import Model
from index.encoder.recipe import NotCoveredError, Recipe, read_recipe
from index.encoder.tokens import Tokenizer
from index.encoder.weights import read_tensors
from index.errors import EncoderError
from index.protocols import Vectors

CONFIG = "config.json"
POOLING = "1_Pooling/config.json"
SENTENCE = "sentence_bert_config.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the default model's folder without its weights."""
    copy = tmp_path / "model"
    shutil.copytree(find_model().folder, copy, ignore=shutil.ignore_patterns("*.safetensors"))
    return copy


@pytest.fixture
def whole(folder: Path) -> Path:
    """The same with its weights."""
    shutil.copy(find_model().folder / models.WEIGHTS, folder)
    return folder


def change(path: Path, **values: Any) -> None:
    """Change values of a JSON file; None takes one away."""
    content = json.loads(path.read_text()) | values
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


class Reference(HashEncoder):
    """Stands in for sentence-transformers."""

    engine = "sentence-transformers"

    def __init__(self, model: Model) -> None:
        super().__init__(dimension=model.dimension, revision=model.revision, name=model.name)


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.encoder, "SentenceTransformerEncoder", Reference)


def test_the_recipe_is_what_the_models_own_files_say(folder: Path) -> None:
    assert read_recipe(folder) == Recipe(layers=6, heads=12, width=384, epsilon=1e-12, longest=256, pooling="mean")
    change(folder / POOLING, pooling_mode_mean_tokens=False, pooling_mode_cls_token=True)
    change(folder / SENTENCE, max_seq_length=900)
    assert (read_recipe(folder).pooling, read_recipe(folder).longest) == ("cls", 512)


@pytest.mark.parametrize(
    ("file", "values"),
    [
        (CONFIG, {"model_type": "mpnet"}),
        (CONFIG, {"model_type": None}),
        (CONFIG, {"hidden_act": "relu"}),
        (CONFIG, {"position_embedding_type": "relative_key"}),
        (CONFIG, {"num_hidden_layers": None}),
        (POOLING, {"pooling_mode_max_tokens": True}),
        (POOLING, {"pooling_mode_mean_tokens": False}),
        (SENTENCE, {"do_lower_case": True}),
        (SENTENCE, {"max_seq_length": None}),
        (SENTENCE, {"something_new": 1}),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}),
    ],
)
def test_another_kind_of_model_is_not_covered(folder: Path, file: str, values: dict[str, Any]) -> None:
    change(folder / file, **values)
    with pytest.raises(NotCoveredError):
        read_recipe(folder)


def test_a_model_with_a_dense_layer_or_without_a_tokenizer_is_not_covered(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text())
    modules[2] = {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(NotCoveredError, match="Dense"):
        read_recipe(folder)
    (folder / "modules.json").write_text(json.dumps(modules[:2]))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(NotCoveredError, match="tokenizer"):
        read_recipe(folder)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x05\0\0\0\0\0\0\0{}", b'\x0e\0\0\0\0\0\0\0{"a": {"b":1}}'])
def test_damaged_weights_are_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)
    with pytest.raises(EncoderError) as caught:
        read_tensors(tmp_path / "w")
    assert caught.value.mend


def test_a_damaged_tokenizer_is_told(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(EncoderError, match="tokenizer"):
        Tokenizer(folder, 256)


def test_an_engine_is_compared_once_and_again_where_the_note_is_damaged(tmp_path: Path) -> None:
    model, cache, asked = find_model(), Cache(tmp_path), []
    expected = trust.reference_vectors(model, cache, lambda: pytest.fail("the reference was loaded"))

    def encode() -> Vectors:
        asked.append(1)
        return expected

    def compare(engine: str) -> int:
        trust.verify_once(model, engine, cache, encode, lambda: expected)
        return len(asked)

    assert [compare("a 1"), compare("a 1"), compare("a 2"), compare("a 1")] == [1, 1, 2, 2]
    for damage in (b"{", b"[]", b"\xff", b'{"a": 1}'):
        before = len(asked)
        (tmp_path / "verified.json").write_bytes(damage)
        assert compare("a 1") == before + 1


@pytest.mark.parametrize("wrong", [0.0, float("nan")])
def test_an_engine_whose_vectors_differ_is_refused_and_nothing_is_noted(tmp_path: Path, wrong: float) -> None:
    model, cache = find_model(), Cache(tmp_path)
    expected = trust.reference_vectors(model, cache, lambda: pytest.fail("the reference was loaded"))
    vectors = expected.copy()
    vectors[3] *= wrong
    with pytest.raises(NotCoveredError, match="reference"):
        trust.verify_once(model, "a 1", cache, lambda: vectors, lambda: expected)
    assert cache.read("verified") == {}


def test_the_references_vectors_of_another_model_are_made_once_and_anew_where_damaged(tmp_path: Path) -> None:
    model = Model(name="m", folder=tmp_path, revision="0" * 16, dimension=8)
    cache, made = Cache(tmp_path / "cache"), []

    def compute() -> Vectors:
        made.append(1)
        return np.eye(len(trust.PROBES), 8, dtype=np.float32)

    first = trust.reference_vectors(model, cache, compute)
    np.testing.assert_array_equal(trust.reference_vectors(model, cache, compute), first)
    assert len(made) == 1
    (kept,) = (tmp_path / "cache").glob("reference-*.json")
    for damage in ({}, {"probes": list(trust.PROBES), "vectors": "AAAA"}, {"probes": []}):
        cache.write(kept.stem, damage)
        np.testing.assert_array_equal(trust.reference_vectors(model, cache, compute), first)
    assert len(made) == 4


@pytest.mark.model
def test_the_fast_engine_serves_the_default_model_and_needs_no_reference(tmp_path: Path, reference: None) -> None:
    assert isinstance(load_encoder(find_model(), cache=tmp_path), FastEncoder)
    assert load_encoder(find_model(), cache=tmp_path, only_reference=True).engine == "sentence-transformers"
    assert (probe_engine(find_model(), cache=tmp_path) or 0) > trust.LEAST["float32"]


@pytest.mark.model
def test_a_model_that_comes_out_otherwise_is_served_by_the_reference(
    whole: Path, tmp_path: Path, reference: None
) -> None:
    change(whole / CONFIG, layer_norm_eps=0.5)
    model = find_model(str(whole), cache=tmp_path / "cache")
    assert load_encoder(model, cache=tmp_path / "cache").engine == "sentence-transformers"
    with pytest.raises(EncoderError, match="does not serve"):
        probe_engine(model, cache=tmp_path / "cache")


@pytest.mark.model
def test_a_graphics_card_encodes_many_texts_through_the_reference(
    tmp_path: Path, reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    encoder = load_encoder(find_model(), cache=tmp_path)
    assert isinstance(encoder, FastEncoder)
    monkeypatch.setattr("index.encoder.fast.SentenceTransformerEncoder", Reference)
    vectors = encoder.encode(["They spoke of trade. " * 40] * 100)
    assert isinstance(encoder.many, Reference)
    assert vectors.shape == (100, 384)


def test_which_engine_serves_and_why_is_told_from_the_files_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert describe_engine(DEFAULT_MODEL)[0] == FAST
    assert "ONNX Runtime for those after it" in describe_engine(DEFAULT_MODEL)[1]
    monkeypatch.setattr(index.encoder, "find_spec", lambda name: None)
    assert "ONNX Runtime, which is quicker, is not installed" in describe_engine(DEFAULT_MODEL)[1]
    assert describe_engine(DEFAULT_MODEL, only_reference=True) == (
        "sentence-transformers",
        "the reference was asked for",
    )
    assert describe_engine("someone/something")[0] == "sentence-transformers"
    (folder / models.WEIGHTS).write_bytes(b"weights")
    change(folder / CONFIG, model_type="mpnet")
    engine, why = describe_engine(str(folder))
    assert engine == "sentence-transformers"
    assert "mpnet" in why


def test_weights_are_read_for_their_checksum_only_when_they_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights, read = folder / models.WEIGHTS, []
    weights.write_bytes(b"one")
    digest = models.hashlib.file_digest

    def watched(*arguments: Any) -> Any:
        read.append(1)
        return digest(*arguments)

    monkeypatch.setattr(models.hashlib, "file_digest", watched)
    first = find_model(str(folder), cache=tmp_path / "c").revision
    assert find_model(str(folder), cache=tmp_path / "c").revision == first
    assert len(read) == 1
    weights.write_bytes(b"another")
    assert find_model(str(folder), cache=tmp_path / "c").revision != first
    (tmp_path / "c" / "digests.json").write_text("{")
    assert find_model(str(folder), cache=tmp_path / "c").revision != first
    assert len(read) == 3


def test_a_bit_that_flips_anywhere_in_a_note_of_the_cache_makes_it_no_note(tmp_path: Path) -> None:
    cache, said = Cache(tmp_path), {"model.safetensors": [1, 2, "5" * 64]}
    cache.write("digests", said)
    assert cache.read("digests") == said
    path = tmp_path / "digests.json"
    sound = path.read_bytes()
    for place, was in enumerate(sound):
        for bit in range(8):
            path.write_bytes(sound[:place] + bytes([was ^ 1 << bit]) + sound[place + 1 :])
            assert cache.read("digests") == {}, (place, bit)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "below")
    cache.write("a", {"b": 1})
    assert cache.read("a") == {}
