"""What a model's own files say is to be computed, if it is of the kind that the fast engines cover: BERT with mean pooling.

Anything else is left to sentence-transformers. The fast engines compute what is said here, and nothing is guessed: an unknown
setting is a reason not to cover the model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Settings of ``sentence_bert_config.json`` that are understood.
_SENTENCE_SETTINGS = frozenset({"max_seq_length", "do_lower_case"})
_MODULES = ("Transformer", "Pooling", "Normalize")


class NotCoveredError(Exception):
    """A model is not of the kind that the fast engines compute; the message says why, as a clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a BERT model makes an embedding of a text.

    Attributes:
        layers: Number of transformer layers.
        heads: Attention heads in each.
        width: Length of a token's vector, and of the embedding.
        epsilon: What layer normalisation adds to the variance.
        longest: Tokens of a text that are read, including special ones.
        pooling: "mean" of all tokens, or the first one ("cls").
    """

    layers: int
    heads: int
    width: int
    epsilon: float
    longest: int
    pooling: str


def read_recipe(folder: Path) -> Recipe:
    """Read a model's files.

    Raises:
        NotCoveredError: It is another kind of model.
    """
    pooling_folder = _check_modules(_read(folder / "modules.json"))
    config = _read(folder / "config.json")
    for key, known in (
        ("model_type", "bert"),
        ("hidden_act", "gelu"),
        ("position_embedding_type", "absolute"),
        ("is_decoder", False),
        ("add_cross_attention", False),
    ):
        if config.get(key, known) != known or (key == "model_type" and key not in config):
            raise NotCoveredError(f"{key} is {config.get(key)}, not {known}")
    if (folder / "adapter_config.json").exists() or not (folder / "tokenizer.json").is_file():
        raise NotCoveredError("it has an adapter, or no tokenizer.json")
    _check_prompts(folder)
    return Recipe(
        layers=_number(config, "num_hidden_layers"),
        heads=_number(config, "num_attention_heads"),
        width=_number(config, "hidden_size"),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        longest=_longest(folder, config),
        pooling=_pooling(_read(folder / pooling_folder / "config.json")),
    )


def _check_modules(modules: Any) -> str:
    """The folder of the pooling; the modules must be a transformer, a pooling and optionally a normalisation."""
    names = [str(module.get("type", "")).rpartition(".")[2] for module in modules if isinstance(module, dict)]
    if tuple(names) not in (_MODULES, _MODULES[:2]) or modules[0].get("path"):
        raise NotCoveredError(f"its modules are {', '.join(names) or 'not named'}")
    return str(modules[1].get("path", ""))


def _check_prompts(folder: Path) -> None:
    """Refuse a prompt that is put before every text; these are not covered."""
    path = folder / "config_sentence_transformers.json"
    if path.is_file() and _read(path).get("default_prompt_name"):
        raise NotCoveredError("it puts a prompt before every text")


def _longest(folder: Path, config: Mapping[str, Any]) -> int:
    settings = _read(folder / "sentence_bert_config.json")
    if unknown := set(settings) - _SENTENCE_SETTINGS:
        raise NotCoveredError(f"sentence_bert_config.json has {', '.join(sorted(unknown))}")
    if settings.get("do_lower_case"):
        raise NotCoveredError("it lowers texts by itself")
    return min(_number(settings, "max_seq_length"), _number(config, "max_position_embeddings"))


def _pooling(config: Mapping[str, Any]) -> str:
    """The pooling, from the older form of the file (a switch for each kind) or the newer (one name)."""
    switched = [key for key, value in config.items() if key.startswith("pooling_mode_") and value is True]
    named = config.get("pooling_mode")
    ways = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls", "mean": "mean", "cls": "cls"}
    chosen = switched if named is None else [*switched, str(named)]
    if len(chosen) != 1 or chosen[0] not in ways:
        raise NotCoveredError(f"its pooling is {', '.join(chosen) or 'not named'}")
    return ways[chosen[0]]


def _number(config: Mapping[str, Any], key: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise NotCoveredError(f"{key} is not given")
    return value


def _read(path: Path) -> Any:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotCoveredError(f"it has no {path.name} that can be read") from None
    return found
