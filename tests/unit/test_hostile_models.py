"""A model folder from somebody else: nothing of it is run, whatever it brings along."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import find_model, load_encoder, models
from index.errors import EncoderError


class Says:
    """Makes a file where it is unpickled."""

    def __init__(self, ran: Path) -> None:
        self.ran = ran

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.ran),)


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """What is there once code of the model was run."""
    return tmp_path / "ran"


@pytest.fixture
def folder(tmp_path: Path, ran: Path) -> Path:
    """The default model's files with pickled weights and code beside them, and a configuration that names that code."""
    folder, original = tmp_path / "model", find_model().folder
    for path in original.rglob("*"):
        if path.is_file():
            to = folder / path.relative_to(original)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.symlink_to(path)
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt", "1_Pooling/pytorch_model.bin"):
        (folder / name).write_bytes(pickle.dumps(Says(ran)))
    (folder / "evil.py").write_text(f"import os\nos.mkdir({str(ran)!r})\nclass Evil: pass\n")
    rewrite(folder / "config.json", auto_map={"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"})
    rewrite(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["evil.Evil", None]})
    return folder


def rewrite(path: Path, **changes: object) -> None:
    """Change some keys of a file of JSON."""
    found = json.loads(path.read_text(encoding="utf-8")) | changes
    path.unlink()
    path.write_text(json.dumps(found), encoding="utf-8")


@pytest.mark.model
@pytest.mark.parametrize("only_reference", [False, True], ids=["fast", "reference"])
def test_pickles_and_code_beside_the_weights_are_neither_loaded_nor_run(
    folder: Path, ran: Path, tmp_path: Path, only_reference: bool
) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").unlink()
    encoder = load_encoder(find_model(str(folder)), only_reference=only_reference, cache=tmp_path / "cache")
    assert np.isfinite(encoder.encode(["Who met whom?"])).all()
    assert not ran.exists()


@pytest.mark.model
def test_a_model_of_a_kind_that_only_its_own_code_knows_is_refused(folder: Path, ran: Path, tmp_path: Path) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").unlink()
    rewrite(folder / "config.json", model_type="evil-kind", architectures=["Evil"])
    with pytest.raises(EncoderError):
        load_encoder(find_model(str(folder)), cache=tmp_path / "cache").encode(["Who met whom?"])
    assert not ran.exists()


@pytest.mark.model
def test_a_part_with_nothing_but_a_pickle_is_refused(folder: Path, ran: Path) -> None:
    with pytest.raises(EncoderError, match="pickle"):
        find_model(str(folder))
    (folder / "1_Pooling" / "other.safetensors").write_bytes(b"")
    with pytest.raises(EncoderError, match="pickle"):
        find_model(str(folder))
    assert not ran.exists()


@pytest.mark.model
@pytest.mark.parametrize(
    "kind",
    [
        "evil.Evil",
        "os.system",
        "sentence_transformers.SentenceTransformer",
        "sentence_transformers.util.import_from_string",
        "sentence_transformers.models",
        "sentence_transformers.models.Transformer\n",
    ],
)
def test_what_is_no_module_of_a_model_is_refused_as_one(folder: Path, ran: Path, kind: str) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").unlink()
    (folder / "modules.json").unlink()
    (folder / "modules.json").write_text(json.dumps([{"path": "", "type": kind}]))
    with pytest.raises(EncoderError, match="code of its own"):
        find_model(str(folder))
    assert not ran.exists()


def test_modules_by_their_names_of_today_are_taken() -> None:
    for kind in (
        "sentence_transformers.models.Pooling",
        "sentence_transformers.base.modules.dense.Dense",
        "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    ):
        assert models._OWN_MODULE.fullmatch(kind)


@pytest.mark.model
def test_a_note_of_the_checksum_counts_only_for_the_very_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    cache = models.Cache(tmp_path / "cache")
    first = models._digest(weights, cache, True)
    times: list[str] = []
    original = models.hashlib.file_digest
    monkeypatch.setattr(models.hashlib, "file_digest", lambda *given: times.append("read") or original(*given))
    assert (models._digest(weights, cache, True), times) == (first, [])
    weights.write_bytes(b"two")
    assert models._digest(weights, cache, True) != first
    assert times == ["read"]
    weights.write_bytes(b"six")
    os.utime(weights, ns=(weights.stat().st_atime_ns, weights.stat().st_mtime_ns + 1))
    assert models._digest(weights, cache, True) != first
    assert times == ["read", "read"]
    models._digest(weights, cache, False)
    assert times == ["read", "read", "read"]


def test_an_unpickled_file_would_be_seen(ran: Path) -> None:
    pickle.loads(pickle.dumps(Says(ran)))
    assert ran.exists()
