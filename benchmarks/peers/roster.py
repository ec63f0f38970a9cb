"""Who is compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRIPTS = HERE / "scripts"
REQUIREMENTS = HERE / "requirements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One way to ask.

    Attributes:
        name: Short, as it is typed.
        title: As the page names it.
        environment: Name of its environment and, but for ours, of the file with its requirements.
        script: What a user would write.
        packages: Those of its packages whose versions the page tells.
        ours: It is Readouts: it reads the files themselves, carries a conversation on, and has a command for asking.
    """

    name: str
    title: str
    environment: str
    script: str
    packages: tuple[str, ...]
    ours: bool = False

    @property
    def path(self) -> Path:
        """Its script."""
        return SCRIPTS / self.script

    @property
    def requirements(self) -> Path:
        """The file with all that is installed for it; of ours, the project's own constraints."""
        return ROOT / "constraints.txt" if self.ours else REQUIREMENTS / f"{self.environment}.txt"


PEERS = (
    Peer(
        name="readouts",
        title="**Readouts**",
        environment="readouts",
        script="readouts_api.py",
        packages=("readouts", "sentence-transformers", "faiss-cpu"),
        ours=True,
    ),
    Peer(
        name="bare",
        title="sentence-transformers + FAISS",
        environment="bare",
        script="bare_faiss.py",
        packages=("sentence-transformers", "faiss-cpu"),
    ),
    Peer(
        name="langchain",
        title="LangChain + FAISS",
        environment="langchain",
        script="langchain_faiss.py",
        packages=("langchain-community", "langchain-huggingface", "faiss-cpu"),
    ),
    Peer(
        name="llamaindex",
        title="LlamaIndex + FAISS",
        environment="llamaindex",
        script="llamaindex_faiss.py",
        packages=("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-vector-stores-faiss"),
    ),
    Peer(name="txtai", title="txtai, dense", environment="txtai", script="txtai_dense.py", packages=("txtai",)),
    Peer(
        name="txtai-hybrid", title="txtai, hybrid", environment="txtai", script="txtai_hybrid.py", packages=("txtai",)
    ),
    Peer(
        name="chroma",
        title="Chroma",
        environment="chroma",
        script="chroma_local.py",
        packages=("chromadb", "sentence-transformers"),
    ),
    Peer(
        name="haystack",
        title="Haystack + FAISS",
        environment="haystack",
        script="haystack_faiss.py",
        packages=("haystack-ai", "sentence-transformers-haystack", "faiss-haystack"),
    ),
)


def chosen(names: str | None) -> tuple[Peer, ...]:
    """The peers named, separated by commas, in the order of the roster; all of them for None.

    Raises:
        ValueError: There is no peer of this name.
    """
    if names is None:
        return PEERS
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = wanted - {peer.name for peer in PEERS}
    if unknown or not wanted:
        known = ", ".join(peer.name for peer in PEERS)
        raise ValueError(f"There is no peer {', '.join(sorted(unknown)) or '—'}; there are {known}.")
    return tuple(peer for peer in PEERS if peer.name in wanted)
