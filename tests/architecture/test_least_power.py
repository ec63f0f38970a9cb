"""What the program's code never does: unpickle, run code that it was given, ask a shell; and which files ask the network."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for package in ("assistant", "index") for path in (ROOT / package).rglob("*.py"))
#: Calls that run what they are given, or unpickle it.
NEVER = frozenset(
    "eval exec compile __import__ os.system os.popen os.execv os.execvp os.spawnv pickle.load pickle.loads marshal.loads "
    "torch.load joblib.load tempfile.mktemp runpy.run_path runpy.run_module yaml.unsafe_load yaml.full_load "
    "importlib.util.spec_from_file_location ctypes.CDLL".split()
)
#: Modules that unpickle or run code.
UNSAFE_MODULES = frozenset("pickle marshal shelve dill cloudpickle joblib runpy code codeop cffi xml".split())
#: Modules that speak with others and that nothing needs.
UNNEEDED = frozenset("requests httpx httpx2 urllib3 smtplib ftplib socketserver http.server xmlrpc.server".split())
#: Those that something needs, and the only files that import them.
NETWORK = {
    "socket": {"index/web/fetching.py"},
    "urllib.request": {"index/web/fetching.py"},
    "http.client": {"index/web/fetching.py"},
    "ssl": {"index/web/fetching.py"},
    "huggingface_hub": {"index/encoder/models.py"},
    "huggingface_hub.errors": {"index/encoder/models.py"},
    "textual_serve.server": {"assistant/cli/web_server.py"},
    "aiohttp": {"assistant/cli/web_server.py"},
}


def called(node: ast.expr) -> str:
    """The dotted name of what is called."""
    if isinstance(node, ast.Attribute):
        return f"{called(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def breaches(source: str, path: str) -> list[str]:
    """What a file does that no file may do."""
    tree = ast.parse(source)
    found = []
    for name in imported(tree):
        if name.partition(".")[0] in UNSAFE_MODULES:
            found.append(f"imports {name}")
        if name in UNNEEDED or path not in NETWORK.get(name, {path}):
            found.append(f"imports {name}, which speaks with others")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, given = called(node.func), {word.arg: word.value for word in node.keywords}
        if name in NEVER:
            found.append(f"calls {name}")
        if name in ("np.load", "numpy.load") and not _is(given.get("allow_pickle"), False):
            found.append("np.load without allow_pickle=False")
        if name in ("yaml.load", "yaml.load_all") and called(given.get("Loader", ast.Name(id=""))) != "_LOADER":
            found.append("yaml.load without the safe loader")
        found += [
            f"{word} in {name}" for word in ("shell", "allow_pickle", "trust_remote_code") if _is(given.get(word), True)
        ]
    return found


def _is(value: ast.expr | None, wanted: bool) -> bool:
    return isinstance(value, ast.Constant) and value.value is wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_unpickles_runs_what_it_is_given_or_speaks_with_others_beside_those_that_are_for_it(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "import pickle",
        "from pickle import loads",
        "import numpy as np\nnp.load('x')",
        "np.load('x', allow_pickle=True)",
        "import yaml\nyaml.load('x', Loader=yaml.Loader)",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "AutoModel.from_pretrained('x', trust_remote_code=True)",
        "import socket",
        "from urllib.request import urlopen",
        "import http.server",
        "import os\nos.system('ls')",
        "from xml.etree import ElementTree",
    ],
)
def test_a_file_that_did_would_be_seen(source: str) -> None:
    assert breaches(source, "index/search.py") != []


def test_front_matter_is_read_by_the_safe_loader_alone() -> None:
    source = (ROOT / "index/readers/markdown.py").read_text(encoding="utf-8")
    assert re.search(r'_LOADER: Any = getattr\(yaml, "CSafeLoader", yaml\.SafeLoader\)', source)


def test_the_reference_trusts_no_code_of_a_model_and_takes_safetensors_alone() -> None:
    source = (ROOT / "index/encoder/reference.py").read_text(encoding="utf-8")
    assert "trust_remote_code=False" in source
    assert '"use_safetensors": True' in source
    assert "local_files_only=True" in source
